"""Firstline: a support mailbox that answers for itself."""
