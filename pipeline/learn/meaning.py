"""The encoder's vectors for whoever works with labelled mail: where there is an encoder it is used, else not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.learn.encoder import Encoder
from pipeline.learn.registry import Registry
from pipeline.learn.terms import Floats, Item


class Meaning:
    """The encoder of `[classify]` with the vectors that it computed before, or nothing."""

    def __init__(self, registry: Registry, progress: Callable[[str], None] = lambda _step: None) -> None:
        """Raises ConfigError for an encoder that can't be used."""
        self._encoder = Encoder(registry.encoder, registry.cache()) if registry.encoder else None
        if self._encoder:
            registry.folder.mkdir(parents=True, exist_ok=True)  # else nothing of what it computes would be kept
        self._progress = progress

    def of(self, items: Sequence[Item]) -> Floats | None:
        """Mails × dimensions, each of length 1; None where there is no encoder. Raises ConfigError."""
        return self._encoder.vectors(items, self._progress) if self._encoder else None
