"""Whether every door works: what `doctor` prints."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from email.utils import parseaddr
from functools import partial
from typing import TypedDict

from pipeline.config.servers import NOT_READ
from pipeline.config.settings import Config
from pipeline.errors import ExitCode, FirstlineError
from pipeline.guard import authentication
from pipeline.mailbox import ImapMailbox
from pipeline.mailbox.imap import SENT
from pipeline.parse import message
from pipeline.replies.articles import problems_with
from pipeline.text.numbers import many
from pipeline.wiring.live_doors import LiveDoors
from pipeline.wiring.modes import check_modes

LOOKED_AT, MOSTLY = 50, 0.8  # mails whose Authentication-Results are looked at, and how many must agree


class Tried(TypedDict):
    """Something that was tried, and the exit code that it leads to."""

    check: str
    ok: bool
    detail: str
    remedy: str  # empty when it is ok
    exit: int  # of ExitCode


def checks(doors: LiveDoors) -> Iterator[Tried]:
    """Really opens every door, one after the other: what `doctor` prints."""
    yield _check("configuration", lambda: f"{doors.config.path} is valid")
    yield _check("own words", lambda: _own_words(doors))
    yield _check("sender", lambda: _sender(doors.config))
    yield _check("database", lambda: _database(doors))
    yield _check("file modes", lambda: check_modes(doors.config))
    yield _check("model", lambda: _model(doors))
    if doors.config.encoder_folder():
        yield _check("encoder", lambda: _encoder(doors.config))
    yield _check("templates", lambda: _templates(doors))
    yield _check("articles", lambda: _articles(doors))
    yield _check("authentication", lambda: _authentication(doors))
    yield from log_ins(doors)
    for name in ("", *doors.config.trackers):
        yield _check(f"tracker {name}".strip(), partial(_tracker, doors, name))


def log_ins(doors: LiveDoors) -> Iterator[Tried]:
    """Of the mail servers alone."""
    for name in doors.config.mailbox:
        yield _check(f"mailbox {name}", partial(_mailbox, doors, name))
    yield _check("outgoing server", lambda: _outbox(doors))


def _check(what: str, look: Callable[[], str]) -> Tried:
    try:
        return {"check": what, "ok": True, "detail": look(), "remedy": "", "exit": ExitCode.DONE}
    except FirstlineError as error:
        where = f"{error.where}: " if error.where else ""
        return {
            "check": what,
            "ok": False,
            "detail": f"{where}{error.what}",
            "remedy": error.remedy,
            "exit": error.exit_code,
        }


_SHIPPED = re.compile(r"\bExample (Ltd|Support)\b|@([\w-]+\.)*example\.(com|org|net)\b", re.IGNORECASE)

_SITE = re.compile(r"https?://([\w-]+\.)*example\.(com|org|net)\b", re.IGNORECASE)


def _own_words(doors: LiveDoors) -> str:
    """What customers and staff would read of what is shipped. Raises FirstlineError."""
    config = doors.config
    said = {
        "replies.company": config.replies.company,
        "replies.signature": str(config.replies.signature),
        "smtp.from": config.smtp.sender if config.smtp else "",
        **{f"{name}.owner": topic.owner for name, topic in config.situations.items()},
        **{f"mailbox.{name}": f"{box.sender} {box.company} {box.signature}" for name, box in config.mailbox.items()},
        "follow_up.staff": " ".join(config.follow_up.staff),
        "follow_up.chain": " ".join(config.follow_up.chain),
    }
    left = [key for key, value in said.items() if _SHIPPED.search(value)]
    left += _of_the_example(doors)
    if left:
        named = ", ".join(left[:5]) + (f" and {len(left) - 5} more" if len(left) > 5 else "")
        raise FirstlineError(
            f"still as in the example: {named}",
            where=str(config.path),
            remedy="write your own: customers read the names, and staff are told at these addresses",
        )
    if not config.replies.company and not config.replies.signature:
        raise FirstlineError(
            "letters would end without a name", where=f"{config.path}, replies.company", remedy="write your company's"
        )
    return "names and addresses are your own"


def _sender(config: Config) -> str:
    """It may be right, so it is only said: receivers compare the domain with that of the server."""
    senders = [config.smtp.sender if config.smtp else "", *(box.sender for box in config.mailbox.values())]
    domains = dict.fromkeys(_domain(parseaddr(sender)[1]) for sender in senders if sender)
    servers = [*config.mailbox.values(), *([config.smtp] if config.smtp else [])]
    known = [address for box in config.mailbox.values() for address in box.addresses]
    known += [server.username for server in servers]
    strange = [domain for domain in domains if domain not in {_domain(address) for address in known}]
    if strange:
        return (
            f"letters go out from {', '.join(strange)}, which is the domain of no address and no log-in here: "
            "make sure that the outgoing server may send for it (SPF, DKIM), else they end as spam"
        )
    return f"letters go out from {', '.join(domains) or 'nowhere: there is no [smtp]'}"


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _of_the_example(doors: LiveDoors) -> Iterator[str]:
    """Letters and help pages that lead to the example's web site."""
    for name, letters in {"": doors.letters, **doors.letters.of_mailboxes}.items():
        files = {file for one in letters.loaded.values() for file, text in one.fit.sources.items() if _links(text)}
        yield from (f"{name}: {file}" if name else file for file in sorted(files))
    for shelf in (doors.articles, *doors.articles.of_mailboxes.values()):
        yield from (f"{one.language}/articles/{one.name}.md" for one in shelf.all if _links(one.link))


def _links(text: str) -> bool:
    return bool(_SHIPPED.search(text) or _SITE.search(text))


def _database(doors: LiveDoors) -> str:
    problems = doors.database.check()
    if problems:
        raise FirstlineError("; ".join(problems), where=doors.database.shown, remedy="restore the last backup")
    return f"{doors.database.shown}, version {doors.database.version()}"


def _encoder(config: Config) -> str:
    """Really tried: a version that was trained without one does not show that it is missing. Raises ConfigError."""
    from pipeline.learn.encoder import Encoder  # numpy is slow to import

    place = config.encoder_folder()
    assert place is not None  # noqa: S101  (who asks has looked)
    Encoder(place).vectors([("", "Where is my parcel?")])
    return f"{place} is ready; what is trained from now on uses it"


def _model(doors: LiveDoors) -> str:
    predictor, note = doors.predictor()
    if predictor is None or note:
        raise FirstlineError(note or "there is no model", remedy="run `firstline model train`")
    return f"version {predictor.version}"


def _templates(doors: LiveDoors) -> str:
    letters = doors.letters
    if letters.problems:
        file, problem = next(iter(letters.problems.items()))
        raise FirstlineError(problem, where=file, remedy="correct the file; its last good version serves meanwhile")
    if not letters.has("neutral"):
        raise FirstlineError(
            "there is no template 'neutral'", where=str(letters.folder), remedy="copy it from `firstline init`"
        )
    for name in letters.of_mailboxes:
        if not (folder := doors.config.letter_folders(name)[-1]).is_dir():
            raise FirstlineError(
                "there is no such folder", where=str(folder), remedy=f"correct mailbox.{name}.templates"
            )
    own = "".join(f", {len(one.own)} of [mailbox.{name}] itself" for name, one in letters.of_mailboxes.items())
    return f"{many(len(letters.names), 'template')} in {many(len({one for one, _ in letters.names}), 'language')}{own}"


def _articles(doors: LiveDoors) -> str:
    for where, problem, remedy in problems_with(doors.articles, doors.config):
        raise FirstlineError(problem, where=where, remedy=remedy)
    return many(len({name for _, name in doors.articles.names}), "help page")


def _authentication(doors: LiveDoors) -> str:
    """Sends nothing: what our own servers call themselves is read from the mail that lies in the ledger."""
    settings = doors.config.guard.authserv
    if settings:
        return f"Authentication-Results are read from {', '.join(name or 'the topmost field' for name in settings)}"
    raws = doors.reading.newest_raws(LOOKED_AT)
    found = Counter(name for raw in raws if (name := _topmost(raw)) is not None)
    name, times = found.most_common(1)[0] if found else ("", 0)
    if not times or times < MOSTLY * len(raws):
        return "[guard] authserv is empty: whether From is true is not judged (rule 14)"
    called = f'"{name}"' if name else 'no name (as Exchange Online): ""'
    return (
        f"[guard] authserv is empty: whether From is true is not judged (rule 14). On top of {times} of the last "
        f'{len(raws)} mails a server says so, which calls itself {called}. If it is yours: authserv = ["{name}"]'
    )


def _topmost(raw: bytes) -> str | None:
    fields = message.parse(raw).headers.get("authentication-results")
    return authentication.parse(fields[0])[0] if fields else None


def _mailbox(doors: LiveDoors, name: str) -> str:
    mailbox = doors.mailbox(name)
    try:
        folder = mailbox.open()
        sent = _sent_folder(doors, name, mailbox)
    finally:
        mailbox.close()
    return f"logged in, next UID {folder.uidnext}; {sent}"


def _sent_folder(doors: LiveDoors, name: str, mailbox: ImapMailbox) -> str:
    """Where answers of people are looked for. Raises UnreachableError where a folder that is named is not there."""
    named = doors.config.sent_folder(name)
    found = named if named != NOT_READ else ""
    if not named and not (found := mailbox.special(SENT)):
        return "no folder is marked \\Sent: answers from mail programs are not seen (sent_folder names it)"
    if not found:
        return "answers from mail programs are not seen (sent_folder is none)"
    if named:
        folder = doors.folder(name, found)
        try:
            folder.open()
        finally:
            folder.close()
    return f'answers from mail programs are read in "{found}"'


def _tracker(doors: LiveDoors, name: str) -> str:
    tracker = doors.tracker(name)
    try:
        return tracker.check()
    finally:
        tracker.close()


def _outbox(doors: LiveDoors) -> str:
    outbox = doors.outbox()
    try:
        outbox.check()
        usual, most = outbox.connection.config.usual_and_most_connections
        more = f", up to {most} while answers are what is waited for" if most > usual else ""
        return f"logged in; {outbox.try_envelopes()}; {many(usual, 'connection')} side by side{more}"
    finally:
        outbox.close()
