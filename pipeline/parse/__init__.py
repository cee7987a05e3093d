"""The bytes of a message → a Mail: headers, addresses, MIME, delivery reports."""
