"""Which module imports which, imports inside functions included, and whether that goes in a circle."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Mapping
from pathlib import Path


def import_graph(root: Path, packages: tuple[str, ...]) -> dict[str, set[str]]:
    """Module → the modules of these packages that it imports, those that only types need left out."""
    files = {_module(root, file): file for package in packages for file in (root / package).rglob("*.py")}
    return {
        name: {target for target in _imports(name, file, files.keys()) if target in files and target != name}
        for name, file in files.items()
    }


def circle_in(edges: Mapping[str, set[str]]) -> list[str]:
    """Modules of a circle, [] when there is none: what is left when nobody without imports is taken away any more."""
    left = {name: set(targets) for name, targets in edges.items()}
    for directed in (left, _turned(left)):
        while free := [name for name in left if not directed[name] & left.keys()]:
            for name in free:
                del left[name]
    return sorted(left)


def _turned(edges: Mapping[str, set[str]]) -> dict[str, set[str]]:
    return {name: {other for other, targets in edges.items() if name in targets} for name in edges}


def _module(root: Path, file: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(name: str, file: Path, known: Container[str]) -> Iterator[str]:
    for node in _nodes(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(name, node, is_package=file.name == "__init__.py")
            below = (f"{base}.{alias.name}" for alias in node.names)
            yield from (one if one in known else base for one in below)


def _base(name: str, node: ast.ImportFrom, *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = name.split(".")
    above = parts[: len(parts) - node.level + is_package]
    return ".".join([*above, *([node.module] if node.module else [])])


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes, without the bodies of `if TYPE_CHECKING:`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _nodes(node)
