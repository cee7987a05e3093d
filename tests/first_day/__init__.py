"""The mails of a first day, written for the acceptance test of that day."""
