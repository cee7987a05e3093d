"""Many workers on one PostgreSQL: who does what of the work that a single process does alone.

The journal and the ledger stay the truth. What only one may do at a time (watching a mailbox, following a tracker, the
chores) has a lease; letters and the portions of a backlog are claimed; jobs only wake.
"""
