"""Loads the templates and renders letters, in a sandbox, and always: a safe text goes out when a template fails.

`templates/<language>/<name>.txt` and optional `.html`. The head of a text file is `Subject: …` and `Description: …`
lines and an empty line. `{% extends "base.txt" %}` means the base of the same language.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline import logs
from pipeline.records import Letter

NEUTRAL = "neutral"
LARGEST = 262_144  # bytes of a template file, and characters of a rendered letter
LONGEST_SUBJECT = 300
_NAME_ENDS = (".txt", ".html")

# Says no more than is certain. {ref} is all that may be filled in.
SAFE = {
    "en": ("We have received your message [{ref}]", "Thank you for your message.\n\nWe have received it under the "
           "reference {ref} and will answer you personally.\n"),
    "de": ("Ihre Nachricht ist angekommen [{ref}]", "Vielen Dank für Ihre Nachricht.\n\nSie ist unter der Nummer {ref} "
           "bei uns angekommen, und wir antworten Ihnen persönlich.\n"),
    "fr": ("Nous avons bien reçu votre message [{ref}]", "Merci pour votre message.\n\nNous l'avons bien reçu sous la "
           "référence {ref} et nous vous répondrons personnellement.\n"),
    "es": ("Hemos recibido su mensaje [{ref}]", "Gracias por su mensaje.\n\nLo hemos recibido con la referencia {ref} "
           "y le responderemos personalmente.\n"),
    "fi": ("Viestinne on perillä [{ref}]", "Kiitos viestistänne.\n\nSaimme sen viitteellä {ref} ja vastaamme teille "
           "henkilökohtaisesti.\n"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """One template of one language, compiled."""

    subject: Template
    text: Template
    html: Template | None
    version: str
    description: str


@dataclass
class _Shelf:
    """All templates as they were when the folder last looked well."""

    stamp: tuple[tuple[str, int, int], ...] = ()
    templates: dict[tuple[str, str], Loaded] = field(default_factory=dict)  # (language, name)
    problems: dict[str, str] = field(default_factory=dict)  # file → why its last version is not in use


class TemplateLetters:
    """Implements doors.Letters over a folder."""

    def __init__(self, folder: Path, fallback: str) -> None:
        self.folder, self.fallback = folder, fallback
        self._lock = threading.Lock()
        self._shelf = _Shelf()
        self.refresh()

    @property
    def problems(self) -> Mapping[str, str]:
        """Files whose newest version can't be used, and why; the last good one serves."""
        return self._shelf.problems

    @property
    def names(self) -> set[tuple[str, str]]:
        """What there is, as (language, name)."""
        return set(self._shelf.templates)

    def has(self, name: str) -> bool:
        return any(known == name for _, known in self._shelf.templates)

    def language(self, name: str, wanted: str) -> str:
        """The language this letter would go out in."""
        for candidate in (name, NEUTRAL):
            for spoken in (wanted, self.fallback):
                if (spoken, candidate) in self._shelf.templates:
                    return spoken
        return wanted if wanted in SAFE else self.fallback

    def refresh(self) -> None:
        """Picks up changed files; a broken one leaves its last good version in use."""
        with self._lock:
            stamp = _stamp(self.folder)
            if stamp != self._shelf.stamp:
                self._shelf = _load(self.folder, stamp, self._shelf.templates)
                for file, problem in self._shelf.problems.items():
                    logs.get("letters").warning("template not usable", file=file, problem=problem)

    def render(self, name: str, language: str, values: Mapping[str, Any]) -> Letter:
        """Language, then fallback language, then the neutral text in both; then the safe text with `problem` set."""
        problem = ""
        for candidate in (name, NEUTRAL):
            for spoken in dict.fromkeys((language, self.fallback)):
                loaded = self._shelf.templates.get((spoken, candidate))
                if not loaded:
                    continue
                try:
                    return _rendered(loaded, candidate, spoken, values, problem)
                except Exception as error:  # a template is an agent's program: whatever it raises, a mail goes out
                    problem = f"{spoken}/{candidate}: {type(error).__name__}: {error}"
        return _safe(language, self.fallback, str(values.get("ref", "")), problem or f"there is no template {name}")


def _rendered(loaded: Loaded, name: str, language: str, values: Mapping[str, Any], problem: str) -> Letter:
    text = _bounded(loaded.text, values).strip() + "\n"
    html = _bounded(loaded.html, values) if loaded.html else ""
    subject = " ".join(_bounded(loaded.subject, values).split())[:LONGEST_SUBJECT]
    if not subject or not text.strip():
        raise ValueError("the subject or the text is empty")
    return Letter(
        subject=subject,
        text=text,
        html=html,
        template=name,
        version=loaded.version,
        language=language,
        problem=problem,
    )


def _bounded(template: Template, values: Mapping[str, Any]) -> str:
    """Rendered piece by piece, so that an endless loop ends at the largest letter we send."""
    pieces: list[str] = []
    length = 0
    for piece in template.generate(values):
        length += len(piece)
        if length > LARGEST:
            raise ValueError(f"longer than {LARGEST} characters")
        pieces.append(piece)
    return "".join(pieces)


def _safe(language: str, fallback: str, ref: str, problem: str) -> Letter:
    spoken = next(candidate for candidate in (language, fallback, "en") if candidate in SAFE)
    subject, text = (part.format(ref=ref) for part in SAFE[spoken])
    return Letter(
        subject=subject, text=text, html="", template="(safe)", version="built-in", language=spoken, problem=problem
    )


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    files = [path for path in sorted(folder.glob("*/*")) if path.suffix in _NAME_ENDS]
    stats = [(path, path.stat()) for path in files]
    return tuple((path.as_posix(), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


def _load(folder: Path, stamp: tuple[tuple[str, int, int], ...], old: Mapping[tuple[str, str], Loaded]) -> _Shelf:
    environment, html_environment = _environment(folder, escape=False), _environment(folder, escape=True)
    shelf = _Shelf(stamp=stamp)
    for path in sorted(folder.glob("*/*.txt")):
        key = (path.parent.name, path.stem)
        if path.stem.startswith(("base", "_")):
            continue
        try:
            shelf.templates[key] = _compile(folder, path, environment, html_environment)
        except (TemplateError, ValueError, OSError) as error:
            shelf.problems[f"{path.parent.name}/{path.name}"] = f"{type(error).__name__}: {error}"
            if key in old:
                shelf.templates[key] = old[key]
    return shelf


def _compile(folder: Path, path: Path, environment: Environment, html_environment: Environment) -> Loaded:
    """Raises ValueError or TemplateError when the file can't serve."""
    head, _ = split_head(_read(path))
    if not head.get("subject"):
        raise ValueError("the first line must be 'Subject: …'")
    language = path.parent.name
    html_path = path.with_suffix(".html")
    html = html_environment.get_template(f"{language}/{html_path.name}") if html_path.exists() else None
    bases = [_read(base) for base in sorted(folder.glob(f"{language}/base*"))]
    content = "\0".join([_read(path), _read(html_path) if html else "", *bases])
    return Loaded(
        subject=environment.from_string(head["subject"]),
        text=environment.get_template(f"{language}/{path.name}"),
        html=html,
        version=hashlib.sha256(content.encode()).hexdigest()[:12],
        description=head.get("description", ""),
    )


def split_head(source: str) -> tuple[dict[str, str], str]:
    """`Subject:` and `Description:` lines at the top, then an empty line, then the body."""
    lines = source.replace("\r\n", "\n").split("\n")
    head: dict[str, str] = {}
    for number, line in enumerate(lines):
        name, colon, value = line.partition(":")
        if not colon or name.strip().lower() not in ("subject", "description"):
            rest = lines[number:]
            return head, "\n".join(rest[1:] if head and not line.strip() else rest)
        head[name.strip().lower()] = value.strip()
    return head, ""


def _read(path: Path) -> str:
    data = path.read_bytes()
    if len(data) > LARGEST:
        raise ValueError(f"{path.name} is over {LARGEST // 1024} KB")
    return data.decode("utf-8-sig")


class _Folder(BaseLoader):
    """Files of the template folder without their heads; never anything outside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        language, _, name = template.rpartition("/")
        path = self.folder / language / name
        if ".." in template or "/" in language or not path.is_file():
            raise TemplateNotFound(template)
        source = _read(path)
        return (split_head(source)[1] if path.suffix == ".txt" else source), str(path), None


class _Sandbox(ImmutableSandboxedEnvironment):
    """Names in `extends` and `include` are of the same language unless they say otherwise."""

    def join_path(self, template: str, parent: str) -> str:
        return template if "/" in template else f"{parent.rpartition('/')[0]}/{template}"


def _environment(folder: Path, *, escape: bool) -> Environment:
    environment = _Sandbox(
        loader=_Folder(folder), undefined=StrictUndefined, autoescape=escape, keep_trailing_newline=True,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    for dangerous in ("range", "lipsum", "cycler", "namespace", "joiner"):
        del environment.globals[dangerous]
    return environment
