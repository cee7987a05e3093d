"""Which languages a version has learned: in any other it is sure of nothing, whatever its figures say."""

from __future__ import annotations

from pipeline.learn.manifest import Details

LEARNED = 20  # fitted mails of a language; below that a row of other languages decides about it


def learned(manifest: Details) -> frozenset[str] | None:
    """Languages with enough fitted rows; None where the rows name none, so that nobody knows."""
    mix = manifest.get("mix", {}).get("language", {})
    if mix.get("", 0.0) > 0.5 or not mix:
        return None
    rows = manifest["rows"]
    return frozenset(language for language, share in mix.items() if language and round(share * rows) >= LEARNED)


def languages_told(manifest: Details) -> list[str] | None:
    """The same in order, for people and programs."""
    found = learned(manifest)
    return None if found is None else sorted(found)
