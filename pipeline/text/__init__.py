"""Cleaning text: tidy characters, quotes and signatures, language, redaction."""
