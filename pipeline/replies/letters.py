"""The letters in use: taken up when they are fit, rendered in a sandbox, and a safe text is sent when one fails.

A changed file is looked at in a child process (supervise.py) before anything here reads it as a template.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline import logs
from pipeline.errors import TemplateError
from pipeline.records.letter import ANSWER, Letter, LetterVersion, recorded_name
from pipeline.records.mail import read_box
from pipeline.replies import memory, own_words, plain, supervise
from pipeline.replies.files import ERROR, Finding, decode, is_letter, names_in, read_head, stamp, take_snapshot
from pipeline.replies.memory import Fit
from pipeline.replies.sandbox import Press

if TYPE_CHECKING:
    from pipeline.config.settings import Config

NEUTRAL = "neutral"
KEPT = "var/templates.json"  # beside config.toml
KEPT_OWN = "var/templates-{}.json"  # of a mailbox
_ALL = "(all)"  # in place of a file, when nothing could be checked

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
    """One letter of one language, as it is in use."""

    fit: Fit
    press: Press  # over the files as they were when the letter was taken up
    version: str
    description: str
    subject: str
    mailbox: str  # whose own it is, made from a file of its folder; '' for that of all


@dataclass(frozen=True, kw_only=True)
class OwnFolder:
    """The letters that one mailbox has for itself. `known`: what was found fit of those of all."""

    mailbox: str
    folder: Path
    known: Mapping[str, Fit]


@dataclass
class _LoadedLetters:
    """All letters as they were when the folder was last looked at."""

    stamp: tuple[tuple[str, int, int], ...] | None = None
    letters: dict[tuple[str, str], Loaded] = field(default_factory=dict)  # (language, name)
    problems: dict[str, str] = field(default_factory=dict)  # file → why its last version is not in use


class TemplateLetters:
    """Implements doors.Letters over a folder.

    `language`: of letters that don't exist in the customer's; `chains`: languages to try before that, by language;
    `kept`: where to keep what was found fit; `make_html`: an HTML part for letters that have only text; `own`: the
    folder of one mailbox, whose files take the place of those that are called the same.
    """

    def __init__(
        self,
        folder: Path,
        language: str,
        *,
        chains: Mapping[str, Iterable[str]] | None = None,
        kept: Path | None = None,
        make_html: bool = False,
        own: OwnFolder | None = None,
    ) -> None:
        self.folder, self.fallback, self.make_html = folder, language, make_html
        self.folders = (folder, own.folder) if own else (folder,)
        self.of_mailboxes: dict[str, TemplateLetters] = {}  # those that have letters of their own
        self._chains, self._kept, self._own = chains or {}, kept, own
        self._lock = threading.Lock()
        self._shelf = _LoadedLetters()
        self._fit = {**(own.known if own else {}), **memory.recall(kept)}
        self.refresh()

    @classmethod
    def of(cls, config: Config) -> TemplateLetters:
        """As `[replies]` says, and `templates` of mailboxes."""
        replies = config.replies

        def shelf(kept: str, own: OwnFolder | None = None) -> TemplateLetters:
            return cls(
                config.at(replies.templates),
                replies.language,
                chains=replies.fallback,
                kept=config.at(kept),
                make_html=replies.html == "always",
                own=own,
            )

        every = shelf(KEPT)
        for name, box in config.mailbox.items():
            if box.templates:
                own = OwnFolder(mailbox=name, folder=config.at(box.templates), known=every._fit)
                every.of_mailboxes[name] = shelf(KEPT_OWN.format(name), own)
        return every

    def of_mailbox(self, name: str) -> TemplateLetters:
        """Those that answer the mail of this mailbox; its sent folder counts as the mailbox."""
        return self.of_mailboxes.get(read_box(name), self)

    @property
    def problems(self) -> Mapping[str, str]:
        """Files whose newest version can't be used, and why; the last good one serves. Those of mailboxes' own folders
        are named as support: en/delivery.txt."""
        found = dict(self._shelf.problems)
        for name, letters in self.of_mailboxes.items():
            own = names_in(letters.folders[-1])
            found |= {f"{name}: {file}": why for file, why in letters.problems.items() if file in (*own, _ALL)}
        return found

    @property
    def names(self) -> set[tuple[str, str]]:
        """What there is, as (language, name)."""
        return set(self._shelf.letters)

    @property
    def loaded(self) -> Mapping[tuple[str, str], Loaded]:
        """The letters in use, by (language, name)."""
        return self._shelf.letters

    @property
    def own(self) -> Mapping[tuple[str, str], Loaded]:
        """Of these, those that are made from a file of the mailbox's own folder."""
        return {key: one for key, one in self._shelf.letters.items() if one.mailbox}

    @property
    def taken_up(self) -> Sequence[object]:
        """Is another one whenever other letters have come into use, here or of a mailbox."""
        return [self._shelf.letters, *(letters._shelf.letters for letters in self.of_mailboxes.values())]

    @property
    def versions(self) -> list[LetterVersion]:
        """What is in use, with the files that each letter is made of."""
        mine = [
            LetterVersion(
                language=language,
                name=recorded_name(one.mailbox, name),
                version=one.version,
                sources=one.fit.sources,
            )
            for (language, name), one in self._shelf.letters.items()
            if self._own is None or one.mailbox
        ]
        return mine + [one for letters in self.of_mailboxes.values() for one in letters.versions]

    def has(self, name: str) -> bool:
        """Is there such a letter in any language?"""
        return any(known == name for _, known in self._shelf.letters)

    def chain(self, wanted: str) -> list[str]:
        """The languages to try for a customer who writes in `wanted`, in order."""
        return list(dict.fromkeys((wanted, *self._chains.get(wanted, ()), self.fallback)))

    def language(self, name: str, wanted: str) -> str:
        """The language this letter would be sent in."""
        chosen = self.chosen(name, wanted)
        return chosen[0] if chosen else self._safe_language(wanted)

    def chosen(self, name: str, wanted: str) -> tuple[str, str] | None:
        """The letter that would really be sent, as (language, name); None: the built-in text."""
        order = ((spoken, candidate) for candidate in _candidates(name) for spoken in self.chain(wanted))
        return next((one for one in order if one in self._shelf.letters), None)

    def refresh(self) -> None:
        """Picks up changed files that are fit; a broken one leaves its last good version in use."""
        for letters in self.of_mailboxes.values():
            letters.refresh()
        with self._lock:
            now = stamp(*self.folders)
            if now == self._shelf.stamp:
                return
            try:
                self._shelf = self._looked_at(now)
            except TemplateError as problem:  # nothing could be checked: all stays as it is, and is tried again
                logs.get("letters").warning("templates not checked", problem=problem.what)
                self._shelf = replace(self._shelf, problems={_ALL: str(problem)})
                return
            for file, reason in self._shelf.problems.items():
                logs.get("letters").warning("template not usable", file=file, problem=reason)

    def render(self, name: str, language: str, values: Mapping[str, object]) -> Letter:
        """Language, then its chain, then the neutral text in all of them; then the safe text with `problem` set. For
        what a person writes nothing else is sent: see own_words."""
        problem = self._why_not(name, language)
        for candidate in _candidates(name):
            for spoken in self.chain(language):
                loaded = self._shelf.letters.get((spoken, candidate))
                if not loaded:
                    continue
                try:
                    return self._printed(loaded, candidate, spoken, values, problem)
                except Exception as error:  # a template is an agent's program: whatever it raises, a mail is sent
                    problem = f"{spoken}/{candidate}: {type(error).__name__}: {error}"
        if name == ANSWER:
            return own_words.built_in(self._safe_language(language), values, problem)
        ref = str(values.get("ref", ""))
        return _safe(self._safe_language(language), ref, problem or f"there is no template {name}")

    def _printed(self, loaded: Loaded, name: str, language: str, values: Mapping[str, object], problem: str) -> Letter:
        printed = loaded.press.print(language, name, values)
        html, is_answer = printed.html, name == ANSWER
        if is_answer and not own_words.says_them(printed.text, values):
            raise ValueError("it does not say what the person wrote")
        if (self.make_html or is_answer) and not html:
            html = plain.page_of(printed.text, language, values)
        return Letter(
            subject=printed.subject,
            text=printed.text,
            html=html,
            template=name,
            version=loaded.version,
            language=language,
            problem=problem,
            mailbox=loaded.mailbox,
        )

    def _why_not(self, name: str, language: str) -> str:
        """Why the letter that was asked for can't be sent itself, ''."""
        file = f"{language}/{name}.txt"
        unusable = file in self._shelf.problems and (language, name) not in self._shelf.letters
        return f"{file}: {self._shelf.problems[file]}" if unusable else ""

    def _safe_language(self, wanted: str) -> str:
        return next((spoken for spoken in (*self.chain(wanted), "en") if spoken in SAFE), "en")

    # --- taking up what changed ---

    def _looked_at(self, now: tuple[tuple[str, int, int], ...]) -> _LoadedLetters:
        """Checks what is not known yet. Raises TemplateError when nothing can be checked."""
        files = take_snapshot(*self.folders)
        texts, _ = decode(files)
        letters = [file for file in files if is_letter(file)]
        unknown = [file for file in letters if not self._is_known(file, texts, files)]
        report = supervise.check(files, only=_with_pages(unknown, files)) if unknown else None
        fresh = {}
        for file, result in report.results.items() if report else ():
            if result.fit:
                sources = {name: texts[name] for name in result.uses}
                fresh[file] = Fit(sources=sources, says_opening=result.says_opening)
        known = {file: fit for file, fit in (self._fit | fresh).items() if file in files}
        if known != self._fit:
            self._fit = known
            memory.remember(self._kept, known)
        problems = _problems(report.findings) if report else {}
        return _LoadedLetters(stamp=now, letters=self._taken_up(known, texts), problems=problems)

    def _is_known(self, file: str, texts: Mapping[str, str], files: Mapping[str, object]) -> bool:
        fit = self._fit.get(file)
        return fit is not None and fit.is_made_of(texts, pages=_page(file) in files)

    def _taken_up(self, known: Mapping[str, Fit], texts: Mapping[str, str]) -> dict[tuple[str, str], Loaded]:
        """What did not change keeps what it has compiled; what is older than its file prints from its own sources."""
        press, old = Press(texts), self._shelf.letters
        own = set(names_in(self._own.folder)) if self._own else set()
        taken = {}
        for file, fit in known.items():
            key = (PurePosixPath(file).parent.name, PurePosixPath(file).stem)
            mailbox = self._own.mailbox if self._own and own & set(fit.sources) else ""
            if key in old and old[key].fit == fit and old[key].mailbox == mailbox:
                taken[key] = old[key]
            else:
                current = fit.is_made_of(texts, pages=_page(file) in texts)
                taken[key] = _loaded(file, fit, press if current else Press(fit.sources), mailbox)
        return taken


def _candidates(name: str) -> tuple[str, ...]:
    """The letters that may be sent when this one is asked for."""
    return (name,) if name == ANSWER else (name, NEUTRAL)


def _loaded(file: str, fit: Fit, press: Press, mailbox: str) -> Loaded:
    head = read_head(fit.sources[file]).fields
    return Loaded(
        fit=fit,
        press=press,
        version=fit.version,
        description=head.get("description", ""),
        subject=head["subject"],
        mailbox=mailbox,
    )


def _page(file: str) -> str:
    return file.removesuffix(".txt") + ".html"


def _with_pages(letters: list[str], files: Mapping[str, object]) -> list[str]:
    return [*letters, *(page for page in map(_page, letters) if page in files)]


def _problems(findings: Iterable[Finding]) -> dict[str, str]:
    """By file, the first error of each."""
    first: dict[str, str] = {}
    for finding in findings:
        if finding.severity == ERROR:
            place = f"line {finding.line}: " if finding.line else ""
            first.setdefault(finding.file, f"{place}{finding.message} → {finding.remedy}")
    return first


def _safe(language: str, ref: str, problem: str) -> Letter:
    subject, text = (part.format(ref=ref) for part in SAFE[language])
    return Letter(
        subject=subject, text=text, html="", template="(safe)", version="built-in", language=language, problem=problem
    )
