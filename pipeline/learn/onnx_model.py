"""A sentence encoder from a folder of the operator's.

The folder holds `model.onnx` and `tokenizer.json`, as sentence-transformers publishes them. Needs the extra `encoder`
(onnxruntime, tokenizers). The session is opened when it is first needed and never saved.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ConfigError
from pipeline.learn.terms import Floats

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
TOKENS = 256  # of a mail that are read
BATCH = 8  # texts of about the same length at a time: padding costs more than calls
_KEY = "config.toml, classify.encoder"
_POOLED = ("emb", "embedding", "embeddings", "sentence_embedding")  # names of outputs that are one vector a text
_INPUTS = frozenset(("input_ids", "attention_mask", "token_type_ids"))
_SAME = 1e-3  # two vectors of one text that differ by less are the same
_PROBE = ("Where is my parcel?", "The second instalment of my invoice was charged twice, please refund one of them.")


class OnnxModel:
    """One folder. Raises ConfigError where it can't be used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        _check(folder)

    def __getstate__(self) -> dict[str, object]:
        """On another machine everything is opened there, from the same folder."""
        return {"folder": self.folder}

    @cached_property
    def sha256(self) -> str:
        """Names the encoder: its model and its tokenizer."""
        whole = hashlib.sha256()
        for name in (MODEL, TOKENIZER):
            with open(self.folder / name, "rb") as file:
                whole.update(hashlib.file_digest(file, "sha256").digest())
        return whole.hexdigest()

    def encode(self, texts: Sequence[str]) -> Floats:
        """Texts × dimensions, each of length 1. Raises ConfigError."""
        batches = [texts[at : at + self._batch] for at in range(0, len(texts), self._batch)]
        if len(batches) == 1:
            return self._run(batches[0])
        with ThreadPoolExecutor(os.cpu_count()) as threads:  # the session lets go of Python's lock
            return np.concatenate(list(threads.map(self._run, batches)))

    @cached_property
    def _batch(self) -> int:
        """Eight-bit models take their scale from the whole batch: there neighbours change a vector, so each text
        goes alone, for a mail must not be judged otherwise because of its neighbours."""
        alone = np.concatenate([self._run([text]) for text in _PROBE])
        return BATCH if np.abs(self._run(_PROBE) - alone).max() < _SAME else 1

    def _run(self, texts: Sequence[str]) -> Floats:
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        longest = max(len(ids) for ids in tokens)
        ids, mask = np.zeros((len(tokens), longest), np.int64), np.zeros((len(tokens), longest), np.int64)
        for row, of_text in enumerate(tokens):
            ids[row, : len(of_text)], mask[row, : len(of_text)] = of_text, 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        wanted = [put.name for put in self._session.get_inputs()]
        outputs = self._session.run(None, {name: given[name] for name in wanted})
        return pool(dict(zip((put.name for put in self._session.get_outputs()), outputs, strict=True)), mask)

    @cached_property
    def _tokenizer(self) -> Any:  # tokenizers comes without types
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self.folder / TOKENIZER))
        except Exception as error:  # the library raises plain Exception
            raise _unusable(self.folder / TOKENIZER, str(error)) from error
        tokenizer.enable_truncation(TOKENS)
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _session(self) -> Any:  # onnxruntime comes without types
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # several texts at once use the cores better than one text on all of them
        options.log_severity_level = 3  # errors
        path = self.folder / MODEL
        try:
            session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library has a dozen kinds without a common one of their own
            raise _unusable(path, " ".join(str(error).split())[:200]) from error
        strange = {put.name for put in session.get_inputs()} - _INPUTS
        if strange:
            raise _unusable(path, f"it asks for the input '{min(strange)}', which no sentence encoder has")
        return session


def pool(outputs: dict[str, Floats], mask: NDArray[np.int64]) -> Floats:
    """One vector of length 1 a text: as the model gives it, or the mean over its tokens."""
    name = next((name for name in _POOLED if name in outputs), "")
    of_tokens = next((output for output in outputs.values() if output.ndim == 3), None)
    if name:
        vectors = outputs[name]
    elif of_tokens is not None:
        weights = mask[:, :, None].astype(np.float32)
        vectors = (of_tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
    else:
        vectors = next(iter(outputs.values()))
    if vectors.ndim != 2:
        raise ConfigError(
            f"its output {'×'.join(map(str, vectors.shape))} is neither a vector a text nor one a token",
            where=_KEY,
            remedy=_HOW,
        )
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


_HOW = "put a sentence encoder there (model.onnx and tokenizer.json), see docs/model.md, or leave the key empty"


def _check(folder: Path) -> None:
    for name in (MODEL, TOKENIZER):
        if not (folder / name).is_file():
            raise ConfigError(f"there is no file {folder / name}", where=_KEY, remedy=_HOW)
    for package in ("onnxruntime", "tokenizers"):
        if find_spec(package) is None:
            raise ConfigError(
                f"the package '{package}' is not installed",
                where=_KEY,
                remedy="install Firstline with its extra: make encoder, or pip install 'firstline[encoder]'",
            )


def _unusable(path: Path, why: str) -> ConfigError:
    return ConfigError(f"{path} can't be used: {why}", where=_KEY, remedy=_HOW)
