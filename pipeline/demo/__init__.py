"""`firstline demo`: sample mails, the servers they go through, and what is shown of it."""
