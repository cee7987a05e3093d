"""Tiny sentence encoders for tests: an ONNX file written by hand (protocol buffers), and a tokenizer of a few words.

The model looks each token up in a table; what comes out is a vector a token (`last_hidden_state`), as the files
published with sentence-transformers have it, or their mean (`emb`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

FLOAT, INT64 = 1, 7  # element types of ONNX
WORDS = "[PAD] [UNK] parcel courier invoice vat password login locked please thanks angry the a my".split()


def write(folder: Path, *, pooled: bool, width: int = 8, seed: int = 1) -> Path:
    """A folder as `[classify] encoder` wants it."""
    folder.mkdir(parents=True, exist_ok=True)
    table = np.random.default_rng(seed).normal(size=(len(WORDS), width)).astype("<f4")
    (folder / "model.onnx").write_bytes(_model(table, pooled=pooled))
    _write_tokenizer(folder / "tokenizer.json")
    return folder


def _write_tokenizer(path: Path) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(path))


def _model(table: np.ndarray, *, pooled: bool) -> bytes:
    names = ["input_ids", "attention_mask"] if pooled else ["input_ids", "attention_mask", "token_type_ids"]
    nodes = [_node("Gather", ["table", "input_ids"], "last_hidden_state")]
    output, shape = "last_hidden_state", ["b", "t", table.shape[1]]
    if pooled:
        nodes.append(_node("ReduceMean", ["last_hidden_state"], "emb", [_ints("axes", [1]), _int("keepdims", 0)]))
        output, shape = "emb", ["b", table.shape[1]]
    graph = b"".join(
        [
            *(_field(1, node) for node in nodes),
            _field(2, b"g"),
            _field(5, _tensor("table", table)),
            *(_field(11, _put(name, INT64, ["b", "t"])) for name in names),
            _field(12, _put(output, FLOAT, shape)),
        ]
    )
    return _number(1, 8) + _field(7, graph) + _field(8, _number(2, 13))


def _node(kind: str, inputs: list[str], output: str, attributes: list[bytes] = []) -> bytes:  # noqa: B006
    names = b"".join(_field(1, name.encode()) for name in inputs) + _field(2, output.encode())
    return names + _field(4, kind.encode()) + b"".join(_field(5, attribute) for attribute in attributes)


def _ints(name: str, values: list[int]) -> bytes:
    return _field(1, name.encode()) + b"".join(_number(8, value) for value in values) + _number(20, 7)


def _int(name: str, value: int) -> bytes:
    return _field(1, name.encode()) + _number(3, value) + _number(20, 2)


def _tensor(name: str, values: np.ndarray) -> bytes:
    sizes = b"".join(_number(1, size) for size in values.shape)
    return sizes + _number(2, FLOAT) + _field(8, name.encode()) + _field(9, values.tobytes())


def _put(name: str, kind: int, shape: list[str | int]) -> bytes:
    sizes = b"".join(
        _field(1, _field(2, size.encode()) if isinstance(size, str) else _number(1, size)) for size in shape
    )
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, kind) + _field(2, sizes)))


def _field(number: int, data: bytes) -> bytes:
    """A length-delimited field."""
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
