"""A text tried before it is saved: on past mails, against what is in use, and as one mail to oneself.

Whatever is printed comes out of the limited child process, as nobody has checked it before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.desk import preview
from pipeline.desk.doors import TextDoors
from pipeline.desk.preview import Wish
from pipeline.desk.texts.checking import with_typed
from pipeline.engine import staff_mail
from pipeline.errors import TemplateError, UsageError
from pipeline.records.letter import recorded_name
from pipeline.records.staff import StaffMail
from pipeline.records.texts import TextKind, TextPlace
from pipeline.replies.files import ERROR, SAVED, decode, page_of, read_head, take_snapshot
from pipeline.replies.preview import BEFORE, NOW, PreviewCase, Variant
from pipeline.replies.sandbox import Printed
from pipeline.replies.supervise import check
from pipeline.replies.versions import diff_texts

SHOWN, MOST_SHOWN, COMPARED = 5, 50, 50  # mails
MOST_LINES = 40  # of a difference
TEST = "test"  # in the Message-ID of a mail to oneself
Sources = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ChangedLine:
    """A line that letters would have, or would not have any more."""

    sign: str  # + or -
    text: str
    mails: int  # of those that were looked at


@dataclass(frozen=True, kw_only=True)
class TextDifference:
    """What the last mails would have got instead of what is in use."""

    mails: int
    changed: int
    samples: bool  # there were no such mails yet
    lines: tuple[ChangedLine, ...]


def tried(doors: TextDoors, place: TextPlace, parts: Sources, *, last: int = SHOWN, mail_id: str = "") -> list[Variant]:
    """As letters to past mails, the hard ones first. Raises TemplateError when it has an error."""
    print_ = _printable(doors, place, parts)
    wish = replace(print_.wish, last=last, mail_id=mail_id)
    return preview.print_for(doors, _cases(doors, wish), print_.name, {NOW: {place.language: print_.sources}})


def difference(doors: TextDoors, place: TextPlace, parts: Sources) -> TextDifference:
    """Over the last mails that this letter was for. Raises TemplateError when it has an error."""
    print_ = _printable(doors, place, parts)
    wish = replace(print_.wish, last=COMPARED, diff=True)
    used = preview.before(doors, wish, place.language) if place.kind is TextKind.LETTER else None
    editions = {NOW: print_.sources, BEFORE: used or _on_disk(doors, place)}
    by_language = {edition: {place.language: sources} for edition, sources in editions.items()}
    variants = preview.print_for(doors, _cases(doors, wish), print_.name, by_language)
    found = [_changes(one.before, one.now) for one in variants if one.before and one.now]
    return TextDifference(
        mails=len(variants),
        changed=sum(bool(one) for one in found) + sum(one.before is None for one in variants),
        samples=not any(one.case.mail_id for one in variants),
        lines=_lines(found),
    )


def send_to(doors: TextDoors, place: TextPlace, parts: Sources, recipient: str) -> str:
    """One mail, marked as a test, with sample values; it is in nobody's case and counts nowhere. Returns its subject.

    Raises TemplateError when the text has an error, UsageError without an outgoing server, FirstlineError when that
    does not take it.
    """
    if doors.config.smtp is None:
        raise UsageError("no outgoing server is configured", where="config.toml, smtp", remedy="add an [smtp] table")
    print_ = _printable(doors, place, parts)
    case = preview.ordinary_case(doors, print_.wish)
    (variant,) = preview.print_for(doors, [case], print_.name, {NOW: {place.language: print_.sources}})
    if variant.now is None:
        raise TemplateError(variant.problem, where=place.key, remedy="correct it first")
    subject = f"[Test] {variant.now.subject}"
    mail = StaffMail(recipient=recipient, subject=subject, text=variant.now.text, html=variant.now.html)
    for _ in staff_mail.send(doors, TEST, [mail]):
        pass
    return subject


@dataclass(frozen=True, kw_only=True)
class _Print:
    """What is printed, and for which mails."""

    name: str  # of the letter, below the folder of its language
    sources: Sources
    wish: Wish


def _printable(doors: TextDoors, place: TextPlace, parts: Sources) -> _Print:
    """Raises TemplateError when there is an error, UsageError for what is never sent."""
    if place.kind is TextKind.ARTICLE:
        raise UsageError("a help page is not sent", where=place.key, remedy="look at it where its link leads")
    every = with_typed(take_snapshot(*doors.config.letter_folders(place.mailbox)), place, parts)
    letter = _user(doors, place) if place.is_part else place.name
    main = place.files[0] if place.kind is TextKind.SAVED else f"{place.language}/{letter}.txt"
    report = check(every, only={*place.files, main, page_of(main)} & set(every))
    if wrong := next((one for one in report.findings if one.severity == ERROR), None):
        where = f"{wrong.file}, line {wrong.line}" if wrong.line else wrong.file
        raise TemplateError(wrong.message, where=where, remedy=wrong.remedy)
    sources = {file: report.texts[file] for file in report.results[main].uses}
    if place.kind is TextKind.SAVED:
        sources[main] = _as_letter(place.name, sources[main])
        return _Print(name=f"{SAVED}/{place.name}", sources=sources, wish=_wish(place, "neutral"))
    return _Print(name=letter, sources=sources, wish=_wish(place, letter))


def _wish(place: TextPlace, letter: str) -> Wish:
    return Wish(name=recorded_name(place.mailbox, letter), language=place.language)


def _as_letter(name: str, source: str) -> str:
    """A saved reply has no subject, and what is printed has one."""
    return f"Subject: {name}\n\n{read_head(source).body}"


def _cases(doors: TextDoors, wish: Wish) -> list[PreviewCase]:
    return preview.cases_for(doors, wish, [wish.language])


def _on_disk(doors: TextDoors, place: TextPlace) -> Sources:
    """Where nothing is recorded that is in use."""
    texts, _ = decode(take_snapshot(*doors.config.letter_folders(place.mailbox)))
    mine = {file: text for file, text in texts.items() if file.startswith(f"{place.language}/")}
    if place.kind is TextKind.SAVED and place.files[0] in mine:
        mine[place.files[0]] = _as_letter(place.name, mine[place.files[0]])
    return mine


def _changes(before: Printed, now: Printed) -> list[str]:
    """In what is read; in the page alone where only that is another one, as else it says the same once more."""
    old, new = (f"Subject: {one.subject}\n\n{one.text}" for one in (before, now))
    return diff_texts(old, new, "text") or diff_texts(before.html, now.html, "html")


def _lines(found: Sequence[Sequence[str]]) -> tuple[ChangedLine, ...]:
    """Each once, with how many letters it is in, in the order of the letters."""
    counted = Counter(line for one in found for line in dict.fromkeys(one) if _is_changed(line))
    return tuple(
        ChangedLine(sign=line[0], text=line[1:], mails=many) for line, many in list(counted.items())[:MOST_LINES]
    )


def _is_changed(line: str) -> bool:
    return line[:1] in ("+", "-") and not line.startswith(("+++", "---"))


def _user(doors: TextDoors, part: TextPlace) -> str:
    """A letter that is made with this part: the neutral one, where it is. Raises UsageError."""
    loaded = doors.letters.of_mailbox(part.mailbox).loaded
    users = [
        name
        for (language, name), one in sorted(loaded.items())
        if language == part.language and set(part.files) & set(one.fit.sources)
    ]
    if not users:
        raise UsageError("no letter in use is made with this part", where=part.key, remedy="use it in a letter first")
    return "neutral" if "neutral" in users else users[0]
