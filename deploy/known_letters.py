"""Adds the letters of today to those that were ever shipped: `python -m deploy.known_letters`, after changing one.

A folder that does not know what it was made from recognises by them what nobody has edited.
"""

from __future__ import annotations

from pipeline.desk.texts import shipped


def main() -> None:
    """Nothing is ever taken out."""
    folder = shipped.__file__.rpartition("/")[0]
    marks = shipped.known_marks() | {shipped.mark(text) for text in shipped.shipped_now().letters.values()}
    with open(f"{folder}/{shipped.EARLIER}", "w", encoding="ascii") as file:
        file.write("\n".join(sorted(marks)) + "\n")


if __name__ == "__main__":
    main()
