"""What the mailbox and the outgoing server are logged in to with, where they take no password: OAuth2 (RFC 6749).

It stands here, beside the key, because two doors need it that may not know each other: each is handed an `AccessToken`.
"""
