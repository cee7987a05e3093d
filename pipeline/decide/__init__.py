"""Verdict, labels, conversation and prepared situations → what is to happen, and why."""
