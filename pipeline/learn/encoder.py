"""The sentence encoder of the operator (`[classify] encoder`): mails → vectors that hold their meaning.

Which one it is, is behind one small door, `SentenceModel`: a folder with an ONNX model (onnx_model.py), or the
multilingual one of the extra `multilingual` (multilingual.py). A version keeps the hash of its encoder, so that vectors
of another one are never mistaken for its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.config.classify import MULTILINGUAL
from pipeline.errors import ConfigError
from pipeline.learn.crew import HERE, Crew
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

    def __getstate__(self) -> dict[str, object]:
        """For another machine: the file of vectors belongs to this one."""
        return {"_model": self._model, "sha256": self.sha256, "_vectors": Vectors(None, self.sha256)}

    def vectors(
        self,
        items: Sequence[Item],
        progress: Callable[[str], None] = lambda _step: None,
        crew: Crew = HERE,
    ) -> Floats:
        """Mails × dimensions, each of length 1. Only what was never computed costs time. Raises ConfigError, and
        UnreachableError where the workers are gone."""
        texts = [text_of(item) for item in items]
        found = self._vectors.known(texts)
        missing = sorted(set(texts) - set(found), key=lambda text: (len(text), text))
        portions = [
            Texts(self.sha256, tuple(missing[start : start + _PORTION])) for start in range(0, len(missing), _PORTION)
        ]
        encoded = crew.each(encode, self._model, portions)
        for at, portion in enumerate(portions):
            if len(portions) > 1:
                progress(f"encoding mail {at * _PORTION + 1} of {len(missing)}")
            new = dict(zip(portion.texts, next(encoded), strict=True))
            self._vectors.keep(new)
            found |= new
        return np.array([found[text] for text in texts], dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Texts:
    """What is to be encoded, and by which encoder. Never shown in words: a log of Dask's would quote the mails."""

    sha256: str
    texts: tuple[str, ...]


def encode(model: SentenceModel, portion: Texts) -> NDArray[np.float16]:
    """The vectors of a portion, on the machine that does it. Raises ConfigError where that one has another encoder."""
    try:
        known = model.sha256
    except OSError as error:
        raise ConfigError(
            f"a worker can't read the encoder: {error.strerror}",
            where=f"config.toml, classify.encoder: {error.filename}",
            remedy="each machine of the cluster needs it at the same place",
        ) from error
    if known != portion.sha256:
        raise ConfigError(
            "a worker has another encoder than this machine",
            where="config.toml, classify.encoder",
            remedy="each machine of the cluster needs the same one, at the same place",
        )
    return model.encode(portion.texts).astype(np.float16)


def text_of(item: Item) -> str:
    """What the encoder reads of a mail."""
    return f"{item[0]}\n{item[1]}".strip()[:LETTERS_READ].encode("utf-8", "replace").decode("utf-8")
