"""Who runs what, when: reading mailboxes, working off effects, retries, shutdown."""
