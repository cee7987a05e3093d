"""The sentence encoder of the operator (`[classify] encoder`): mails → vectors that hold their meaning.

Which one it is, is behind one small door, `SentenceModel`: a folder with an ONNX model (onnx_model.py), or the
multilingual one of the extra `multilingual` (multilingual.py). A version keeps the hash of its encoder, so that vectors
of another one are never mistaken for its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from pipeline.config.classify import MULTILINGUAL
from pipeline.errors import ConfigError
from pipeline.learn.multilingual import MultilingualModel
from pipeline.learn.onnx_model import OnnxModel
from pipeline.learn.terms import Floats, Item
from pipeline.learn.vectors import Vectors

LETTERS_READ = 2_000  # of a mail
_PORTION = 512  # texts after which vectors are kept: a long computation that is stopped goes on where it was


class SentenceModel(Protocol):
    """What an encoder must be able to do."""

    @property
    def sha256(self) -> str:
        """Names everything that a vector depends on."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Texts × dimensions, each of length 1 or, where it knows nothing of the text, 0. Raises ConfigError."""


class Encoder:
    """One encoder, with the vectors that were computed before. Raises ConfigError where it can't be used."""

    def __init__(self, place: Path, cache: Path | None = None) -> None:
        """`place`: see `Config.encoder_folder`; `cache`: file of the vectors computed before, None: nothing is kept."""
        self._model: SentenceModel = MultilingualModel() if place == MULTILINGUAL else OnnxModel(place)
        try:
            self.sha256 = self._model.sha256
        except OSError as error:
            where, remedy = f"config.toml, classify.encoder: {error.filename}", "let this user read its files"
            raise ConfigError(f"can't be read: {error.strerror}", where=where, remedy=remedy) from error
        self._vectors = Vectors(cache, self.sha256)

    def vectors(self, items: Sequence[Item], progress: Callable[[str], None] = lambda _step: None) -> Floats:
        """Mails × dimensions, each of length 1. Only what was never computed costs time. Raises ConfigError."""
        texts = [text_of(item) for item in items]
        found = self._vectors.known(texts)
        missing = sorted(set(texts) - set(found), key=lambda text: (len(text), text))
        for start in range(0, len(missing), _PORTION):
            portion = missing[start : start + _PORTION]
            if len(missing) > _PORTION:
                progress(f"encoding mail {start + 1} of {len(missing)}")
            new = dict(zip(portion, self._model.encode(portion).astype(np.float16), strict=True))
            self._vectors.keep(new)
            found |= new
        return np.array([found[text] for text in texts], dtype=np.float32)


def text_of(item: Item) -> str:
    """What the encoder reads of a mail."""
    return f"{item[0]}\n{item[1]}".strip()[:LETTERS_READ].encode("utf-8", "replace").decode("utf-8")
