"""What `--json` prints: one type a document, a file a subject, built from the records. `docs/documents.md` lists them.

A key's meaning is written beside its type; where there is none, the name says it.
"""
