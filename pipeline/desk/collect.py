"""Where mail to learn from comes from: tables, mbox files, Maildirs, IMAP folders, the ledger → rows.

Mail goes through `parse` like any other, so what a model learns from and what it later judges look the same. A folder's
name is the topic of the mails in it. Everything is only read.
"""

from __future__ import annotations

import mailbox as standard
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline import thread
from pipeline.config.guard import GuardConfig
from pipeline.desk.doors import CollectingDoors
from pipeline.engine.doors import BaseDoors
from pipeline.errors import NotFoundError, UsageError
from pipeline.guard import judge as guard_judge
from pipeline.guard.writer import customer_of
from pipeline.judging import surroundings
from pipeline.learn import importing
from pipeline.learn.dataset import Columns, Problems, Row
from pipeline.learn.importing import Intake, Terms
from pipeline.learn.label_files import CONFIRMED, redact_row
from pipeline.learn.shelf import Shelf
from pipeline.parse import message as parse_message
from pipeline.records.ledger import LedgerText
from pipeline.records.mail import Mail
from pipeline.text.regular_files import read_below

MOST_MAILS = 200_000  # of one import: beyond it something else was meant
LATELY = 20_000  # mails of the ledger that tell how often mail repeats itself
_SQLITE = "sqlite:///"
_LARGEST = 2_000_000  # bytes of a message that are read: no label hangs on what comes later
TABLES = (".csv", ".jsonl", ".ndjson")

Progress = Callable[[int], None]  # called with the number of mails read so far


@dataclass
class Collected:
    """Rows as they came, and what was wrong with others."""

    rows: list[Row] = field(default_factory=list)
    robots: list[tuple[Row, str]] = field(default_factory=list)  # mail that no person wrote, and why we think so
    problems: list[Problems] = field(default_factory=list)

    @property
    def wrong(self) -> list[Problems]:
        """The sources that have rows which can't be read."""
        return [problems for problems in self.problems if problems.found]


def collect(
    doors: CollectingDoors,
    sources: Sequence[str],
    columns: Columns,
    *,
    labelled: bool = True,
    progress: Progress = lambda _count: None,
) -> Collected:
    """Everything in the sources: FILE.csv, FILE.jsonl, mbox:PATH, maildir:PATH, imap:NAME/FOLDER, ledger.

    `labelled`: a table without labels is refused. Raises UsageError, UnreachableError.
    """
    collected = Collected()
    for source in sources:
        kind, _, rest = source.partition(":")
        if kind in _MAIL:
            for row, robot in _MAIL[kind](doors, rest):
                mine = replace(row, source=source)
                collected.robots.append((mine, robot)) if robot else collected.rows.append(mine)
                _count(collected, progress)
        else:
            problems = Problems(source)
            for row in importing.read_table(_table(source), columns, problems, labelled=labelled):
                collected.rows.append(replace(row, source=row.source or Path(source).name))
                progress(len(collected.rows))
            collected.problems.append(problems)
    return collected


def _count(collected: Collected, progress: Progress) -> None:
    count = len(collected.rows) + len(collected.robots)
    progress(count)
    if count > MOST_MAILS:
        raise UsageError(f"more than {MOST_MAILS} mails", remedy="name fewer folders at a time")


def bring_in(
    doors: CollectingDoors, collected: Collected, terms: Terms, name: str, progress: Progress = lambda _count: None
) -> tuple[Intake, Path]:
    """Takes what is new into `training_data/<name>.csv`. All of it or nothing. Raises UsageError."""
    if f"{name}.csv" == CONFIRMED:
        raise UsageError(f"{CONFIRMED} is what `data confirm` writes: it is never learned from", remedy="--name OTHER")
    shelf = shelf_of(doors)
    importing.check_renaming(terms.rename, collected.rows)
    intake = importing.take_in(_counted(collected.rows, progress), terms, shelf.known(), shelf.rows())
    path = shelf.append(name, intake.rows)
    robots = [(importing.admit(row, terms), why) for row, why in collected.robots]
    shelf.set_aside(name, [*intake.set_aside, *robots])
    return intake, path


def _counted(rows: Sequence[Row], progress: Progress) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        progress(count)
        yield row


def shelf_of(doors: BaseDoors) -> Shelf:
    """The training data of this installation."""
    return Shelf(doors.config.at("training_data"))


def _table(source: str) -> Path:
    path = Path(source)
    if path.suffix.lower() in TABLES:
        return path
    raise UsageError(
        "what is that?", where=source, remedy="FILE.csv, FILE.jsonl, mbox:PATH, maildir:PATH or imap:NAME/FOLDER"
    )


# --- mail -------------------------------------------------------------------------------------------------------------


def row_of(mail: Mail, topic: str, received: datetime | None, guard: GuardConfig | None = None) -> Row:
    """A mail as a row. `guard`: says whose forms and forwarders are not the writer."""
    writer = customer_of(mail, guard or GuardConfig()) or mail.sender
    root = next((found for found in (*mail.references, *mail.in_reply_to, mail.message_id) if found), "")
    day = (mail.sent or received or datetime.min.replace(tzinfo=UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Row(
        text=mail.text,
        subject=mail.subject,
        topic=topic or None,
        language=mail.language,
        received_at=day if day.year > 1 else None,
        thread=root,
        sender=writer.folded if writer else "",
        names=writer.name if writer else "",
    )


Judged = tuple[Row, str]  # a mail, and why no person wrote it, ''


def _judged(doors: CollectingDoors, mail: Mail, topic: str, received: datetime | None) -> Judged:
    """As the guard judges it on its way in, but for what only the ledger knows."""
    config = doors.config
    verdict = guard_judge.judge(mail, surroundings(config), thread.keys(mail, doors.signer), None)
    why = f"no person wrote it: {', '.join(verdict.reasons)}" if verdict.robot else ""
    return row_of(mail, topic, received, config.guard), why


def _from_imap(doors: CollectingDoors, rest: str) -> Iterator[Judged]:
    """`NAME/FOLDER`, or `NAME/FOLDER/*` for the folders below it, or `NAME/*` for all."""
    name, _, folder = rest.partition("/")
    if not folder:
        raise UsageError("which folder?", where=f"imap:{rest}", remedy="write imap:NAME/FOLDER, or imap:NAME/* for all")
    for one in _folders(doors, name, folder):
        box = doors.folder(name, one)
        try:
            box.open()
            for portion in box.fetch(box.uids(1)):
                for raw in portion:
                    mail = parse_message.parse(raw.raw, size=raw.size, forms=doors.config.guard.forms)
                    yield _judged(doors, mail, _last_part(one), raw.received)
        finally:
            box.close()


def _folders(doors: CollectingDoors, name: str, folder: str) -> list[str]:
    if not folder.endswith("*"):
        return [folder]
    box = doors.folder(name, "INBOX")
    try:
        box.open()
        there = box.folders()
    finally:
        box.close()
    above = folder[:-1].rstrip("/.")
    found = [one for one in there if not above or one.startswith((f"{above}/", f"{above}."))]
    if not found:
        raise NotFoundError(
            f"there is no folder below '{above}'", where=f"imap:{name}", remedy=f"there are: {', '.join(there[:30])}"
        )
    return found


def _last_part(folder: str) -> str:
    """`Sorted/Delivery` and `INBOX.Delivery` → `Delivery`."""
    return folder.replace(".", "/").rpartition("/")[2]


def _from_mbox(doors: CollectingDoors, rest: str) -> Iterator[Judged]:
    """A file, or every file of a folder; the name of the file is the topic."""
    path = Path(rest)
    files = sorted(one for one in path.iterdir() if not one.is_dir()) if path.is_dir() else [path]
    for file in files:
        if path.is_dir() and (file.is_symlink() or not file.is_file()):
            raise UsageError("this is no file but a link or a pipe", where=str(file), remedy="take it out of there")
        try:
            box = standard.mbox(file, create=False)
        except (standard.Error, OSError) as error:
            raise UsageError("can't be read", where=str(file), remedy="check the name") from error
        try:
            if not len(box):
                raise UsageError(
                    "this is not an mbox file: no line begins with 'From '", where=str(file), remedy="mbox:PATH"
                )
            for key in box.iterkeys():
                with box.get_file(key) as message:
                    yield _stored(doors, message.read(_LARGEST), file.stem)
        finally:
            box.close()


def _from_maildir(doors: CollectingDoors, rest: str) -> Iterator[Judged]:
    """A Maildir and its subfolders (Maildir++ `.Name`, or plain folders); the name of the folder is the topic."""
    top = Path(rest)
    folders = [folder for folder in (top, *_subfolders(top)) if (folder / "cur").is_dir()]
    if not folders:
        raise UsageError("this is not a Maildir: it has no folder 'cur'", where=rest, remedy="maildir:PATH")
    for folder in folders:
        topic = _last_part(folder.name) or folder.resolve().name
        for part in ("cur", "new"):
            for file in sorted((folder / part).glob("*")):
                yield _stored(doors, _read(top, file), topic)


def _read(top: Path, file: Path) -> bytes:
    """A message that lies there itself: whoever may write into a Maildir may not read all that we may."""
    try:
        return read_below(top, file.relative_to(top), _LARGEST)
    except OSError as error:
        raise UsageError(f"can't be read: {error.strerror}", where=str(file), remedy="take it out of there") from error


def _subfolders(top: Path) -> list[Path]:
    return sorted(path for path in top.iterdir() if path.is_dir()) if top.is_dir() else []


def _stored(doors: CollectingDoors, raw: bytes, topic: str) -> Judged:
    return _judged(doors, parse_message.parse(raw, forms=doors.config.guard.forms), topic, None)


def _from_ledger(doors: CollectingDoors, _rest: str) -> Iterator[Judged]:
    """Every mail of the ledger that a person wrote to us, without labels."""
    for mail in doors.labels.texts():
        row = Row(
            text=mail.text,
            subject=mail.subject,
            language=mail.language,
            received_at=mail.received,
            thread=doors.labels.first_message_id(mail.thread) or mail.thread,
            sender=mail.customer,
            names=mail.sender_name,
        )
        yield row, ""  # robots' mail is not among the texts


def mails_that_came(doors: CollectingDoors, most: int = LATELY) -> list[Row]:
    """The newest mails of the ledger as a training would see them, without labels; none before there is a ledger."""
    url = doors.config.store_url()
    if url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE)).exists():
        return []
    return [redact_row(_row_that_came(mail)) for mail in doors.labels.newest_texts(most)]


def _row_that_came(mail: LedgerText) -> Row:
    return Row(
        text=mail.text,
        subject=mail.subject,
        received_at=mail.received,
        thread=mail.thread,
        sender=mail.customer,
        names=mail.sender_name,
    )


_MAIL: dict[str, Callable[[CollectingDoors, str], Iterator[Judged]]] = {
    "imap": _from_imap,
    "mbox": _from_mbox,
    "maildir": _from_maildir,
    "ledger": _from_ledger,
}
