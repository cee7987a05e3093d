"""Numbers in sentences."""

from __future__ import annotations


def many(count: int, word: str) -> str:
    """The number with its word: "1 mail", "2 mails"; "reply" becomes "replies"."""
    if count == 1:
        return f"1 {word}"
    ends_in_y = word.endswith("y") and word[-2:-1] not in "aeiou"
    return f"{count} {f'{word[:-1]}ies' if ends_in_y else f'{word}s'}"
