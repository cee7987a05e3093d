"""What is personal in a text, by kinds: each file finds some and puts typed tokens in their place. See ../redact.py."""
