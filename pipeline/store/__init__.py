"""The store: the ledger of mails, the journal of effects, the board's tickets. SQLite, or PostgreSQL, the same code."""
