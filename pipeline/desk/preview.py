"""What a letter would look like: real mails of the ledger, or one from a file, brought together with the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline.config.settings import Config
from pipeline.decide import decide
from pipeline.decide import effects as decide_effects
from pipeline.decide.situation import Situation
from pipeline.desk.doors import PreviewDoors
from pipeline.errors import NotFoundError, TemplateError, UsageError
from pipeline.guard.writer import customer_of
from pipeline.letter import echo, values
from pipeline.parse.message import parse
from pipeline.records.decision import Judged
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.labels import Label, Labels
from pipeline.records.letter import ANSWER, RecordedVersion, mailbox_and_name
from pipeline.records.mail import Address, Location, Mail, RawMail
from pipeline.records.thread import Thread
from pipeline.records.verdict import Verdict, VerdictKind
from pipeline.replies import preview
from pipeline.replies.files import ERROR, is_letter, read_content, take_snapshot
from pipeline.replies.preview import BEFORE, NOW, PreviewCase, Variant
from pipeline.replies.supervise import check
from pipeline.replies.variables import samples

LOOKED_AT = 2_000  # of the newest acknowledgements: among them the mails of a letter are looked for
SAMPLE = b"From: Eve Miller <eve@example.org>\r\nSubject: Where is my parcel?\r\n\r\nIt was due on Tuesday.\r\n"
Sources = Mapping[str, str]  # file → text


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to see."""

    name: str  # of a letter; that which a mailbox has for itself: support/delivery
    language: str = ""  # '' is all there are
    mail_id: str = ""
    file: Path | None = None  # a mail
    last: int = 5  # mails of the ledger
    diff: bool = False
    against: str = ""  # compared with this version instead of the one in use
    draft: Path | None = None  # in place of the letter's file

    @property
    def mailbox(self) -> str:
        """Whose letter it is; '' for that of all."""
        return mailbox_and_name(self.name)[0]

    @property
    def letter(self) -> str:
        """The name without that."""
        return mailbox_and_name(self.name)[1]


def look(doors: PreviewDoors, wish: Wish) -> list[Variant]:
    """Every letter that is wished for. Raises TemplateError when the letter is not fit, NotFoundError, UsageError."""
    if wish.against:
        wish = replace(wish, language=version_of(doors, wish.name, wish.against, wish.language).language)
    now = edited(doors.config, wish)
    compared = {language: before(doors, wish, language) for language in now} if wish.diff or wish.against else {}
    known = {language: sources for language, sources in compared.items() if sources}
    return print_for(doors, cases_for(doors, wish, sorted(now)), wish.letter, {NOW: now, BEFORE: known})


def print_for(
    doors: PreviewDoors, cases: Sequence[PreviewCase], name: str, editions: Mapping[str, Mapping[str, Sources]]
) -> list[Variant]:
    """A letter whose files were checked already, for these cases. `editions`: NOW, and BEFORE to be compared with."""
    if name == ANSWER:
        cases = [_with_words(case) for case in cases]
    return preview.print_all(name, editions, cases, make_html=doors.config.replies.html == "always")


def _with_words(case: PreviewCase) -> PreviewCase:
    """As if a person had written something."""
    words = {name: sample for name, sample in samples().items() if name in ("comment", "agent")}
    return replace(case, values={language: {**filled, **words} for language, filled in case.values.items()})


def edited(config: Config, wish: Wish) -> dict[str, Sources]:
    """The files a letter is made of as they are on disk, by language; checked in the limited child."""
    every = take_snapshot(*config.letter_folders(wish.mailbox))
    if wish.draft:
        every |= _drafted(config, wish, every)
    files = [file for file in _files(every, wish) if not wish.draft or file.startswith(f"{_language(config, wish)}/")]
    if not files:
        raise _no_letter(wish, every)
    pages = [page for page in (file.removesuffix(".txt") + ".html" for file in files) if page in every]
    report = check(every, only=[*files, *pages])
    if wrong := next((finding for finding in report.findings if finding.severity == ERROR), None):
        where = f"{wrong.file}, line {wrong.line}" if wrong.line else wrong.file
        raise TemplateError(
            wrong.message, where=where, remedy=f"{wrong.remedy} (all findings: `firstline template lint`)"
        )
    return {file.partition("/")[0]: {used: report.texts[used] for used in report.results[file].uses} for file in files}


def _files(every: Iterable[str], wish: Wish) -> list[str]:
    return [
        file
        for file in every
        if file.endswith(f"/{wish.letter}.txt") and is_letter(file) and wish.language in ("", file.partition("/")[0])
    ]


def _no_letter(wish: Wish, every: Iterable[str]) -> NotFoundError:
    known = sorted(file.removesuffix(".txt") for file in every if is_letter(file))
    names = dict.fromkeys(file.partition("/")[2] for file in known)
    spoken = [file.partition("/")[0] for file in known if file.endswith(f"/{wish.letter}")]
    if spoken:
        what = f"there is no letter '{wish.letter}' in the language '{wish.language}'"
        return NotFoundError(what, remedy=f"there are: {', '.join(spoken)}")
    return NotFoundError(f"there is no letter '{wish.letter}'", remedy=f"there are: {', '.join(names)}")


def _drafted(config: Config, wish: Wish, every: Mapping[str, bytes | OSError]) -> dict[str, bytes | OSError]:
    """The draft under the name of the file that it is to become."""
    assert wish.draft is not None  # noqa: S101  (only asked for then)
    if wish.draft.suffix not in (".txt", ".html") or not wish.draft.is_file():
        raise UsageError("there is no such draft", where=str(wish.draft), remedy="name a .txt or .html file")
    return {f"{_language(config, wish)}/{wish.letter}{wish.draft.suffix}": read_content(wish.draft)}


def _language(config: Config, wish: Wish) -> str:
    """A draft is in one language."""
    return wish.language or config.replies.language


# --- the version in use -----------------------------------------------------------------------------------------------


def in_use(doors: PreviewDoors, name: str, language: str) -> RecordedVersion | None:
    """The version that a worker took up last; None when none was recorded."""
    rows = (row for row in doors.versions.history(name, language) if row.in_use)
    return next(rows, None)


def version_of(doors: PreviewDoors, name: str, mark: str, language: str = "") -> RecordedVersion:
    """The one recorded version whose hash begins so. Raises NotFoundError, UsageError when there are several."""
    rows = [row for row in doors.versions.history(name, language) if mark and row.version.startswith(mark)]
    if not rows:
        raise NotFoundError(
            f"there is no version '{mark}' of '{name}'", remedy=f"see `firstline template history {name}`"
        )
    if len(rows) > 1:
        found = ", ".join(f"{row.language} {row.version}" for row in rows)
        raise UsageError(f"several versions begin with '{mark}'", remedy=f"write more of it, or --language: {found}")
    if not rows[0].files:
        raise NotFoundError(
            "of this version only its sending is recorded", where=mark, remedy="name one with files in the history"
        )
    return rows[0]


def before(doors: PreviewDoors, wish: Wish, language: str) -> Sources | None:
    """None when nothing is known to compare with."""
    against = wish.against
    row = version_of(doors, wish.name, against, language) if against else _in_use(doors, wish, language)
    return doors.versions.sources(row.files) if row and row.files is not None else None


def _in_use(doors: PreviewDoors, wish: Wish, language: str) -> RecordedVersion | None:
    """A mailbox that has no such letter of its own sends that of all."""
    return in_use(doors, wish.name, language) or in_use(doors, wish.letter, language)


# --- the mails --------------------------------------------------------------------------------------------------------


def cases_for(doors: PreviewDoors, wish: Wish, languages: Sequence[str]) -> list[PreviewCase]:
    """The mail that is named; else the last ones that this letter was for, the hard ones first; else samples."""
    if wish.file:
        return [_of_file(doors, wish, wish.file, languages)]
    if wish.mail_id:
        return [_of_ledger(doors, wish, languages)]
    effects = doors.versions.answered_with(wish.letter, LOOKED_AT, wish.mailbox)
    effects = [one for one in effects if one.letter.language == wish.language] or effects
    cases = [_case(doors.config, effect, languages) for effect in effects[: wish.last if wish.diff else LOOKED_AT]]
    return preview.hard_ones_first(cases or _samples(doors, wish, languages), wish.last)


def ordinary_case(doors: PreviewDoors, wish: Wish) -> PreviewCase:
    """The sample that nothing is hard about."""
    return _samples(doors, wish, [wish.language])[-1]


def _samples(doors: PreviewDoors, wish: Wish, languages: Sequence[str]) -> list[PreviewCase]:
    sample = _case(doors.config, imagined(doors, wish, parse(SAMPLE, size=len(SAMPLE))), languages)
    return preview.sample_cases(sample.values)


def _case(config: Config, effect: Effect, languages: Sequence[str], mail_id: str | None = None) -> PreviewCase:
    """The letter speaks as it did then: what is promised and whether anybody is at work hang on the time."""
    letter = effect.letter
    config = config.of_mailbox(letter.mailbox)
    return PreviewCase(
        about=effect.recipient,
        mail_id=effect.mail_id if mail_id is None else mail_id,
        subject=letter.subject,
        traits=preview.traits(echo.sensible_name(letter.name), letter.subject, sure=bool(letter.topic)),
        values={
            language: values.values(letter, effect.message_id, config, language, letter.decided)
            for language in languages
        },
    )


def _of_ledger(doors: PreviewDoors, wish: Wish, languages: Sequence[str]) -> PreviewCase:
    """With the acknowledgement that was journalled, else with what the letter would say about such a mail."""
    mail_id = wish.mail_id
    doors.reading.mail(mail_id)
    for effect in doors.effects.of_mail(mail_id):
        if effect.kind is EffectKind.ACKNOWLEDGE:
            return _case(doors.config, effect, languages)
    raw = doors.reading.raw(mail_id)
    mail = parse(raw.raw, size=raw.size)
    return _case(doors.config, imagined(doors, wish, mail), languages, mail_id)


def _of_file(doors: PreviewDoors, wish: Wish, file: Path, languages: Sequence[str]) -> PreviewCase:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise UsageError(f"can't be read: {error.strerror}", where=str(file), remedy="name a mail file") from error
    case = _case(doors.config, imagined(doors, wish, parse(raw, size=len(raw))), languages, "")
    return replace(case, about=case.about or file.name)


def imagined(doors: PreviewDoors, wish: Wish, mail: Mail, now: datetime | None = None) -> Effect:
    """The acknowledgement of a mail as if the guard let it pass and the machine were sure of this letter's topic."""
    config, now = doors.config.of_mailbox(wish.mailbox), now or doors.clock.now()
    topic, complains = _asking_for(config, wish.letter)
    label = Label(value=topic, confidence=1.0, sure=bool(topic))
    complaint = Label(value="true" if complains else "false", confidence=1.0, sure=True)
    labels = Labels(topic=label, sentiment=Label(), complaint=complaint, model="preview")
    thread = Thread(ref=doors.signer.ref(mail.content_hash), new=True)
    customer = customer_of(mail, config.guard) or Address(email="")
    verdict = Verdict(kind=VerdictKind.ANSWER, reasons=(), rules=(), customer=customer)
    situation = Situation(mail=mail, verdict=verdict, labels=labels, thread=thread, config=config, now=now)
    judged = Judged(
        id=thread.ref,
        raw=RawMail(location=Location(mailbox=wish.mailbox, uidvalidity=0, uid=0), received=now, raw=b"", size=0),
        mail=mail,
        thread=thread,
        verdict=verdict,
        labels=labels,
        decision=decide.decide(situation),
        effects=(),
    )
    message_id = doors.signer.message_id(thread.ref, "ack", "preview.invalid")
    return decide_effects.acknowledgement(
        judged, message_id, config.replies.language, config.calendar.working_time.timezone, now
    )


def _asking_for(config: Config, name: str) -> tuple[str, bool]:
    """The topic whose letter this is, and whether it is the one for complaints."""
    plain = name.removesuffix("-complaint")
    topics = (topic for topic, settings in config.topics.items() if (settings.template or topic) == plain)
    return next(topics, ""), plain != name
