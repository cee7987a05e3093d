"""Mail made to hurt, in any number: damaged real ones, pieces thrown together, noise; and what must hold for each.

An input is named by its kind and its number, and is the same each time.
"""

from __future__ import annotations

import random
import re
import resource
import tarfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.clock import FakeClock
from pipeline.config.guard import GuardConfig
from pipeline.config.load import check
from pipeline.doors import Outbox
from pipeline.guard import authentication
from pipeline.guard.table import RULES
from pipeline.outbox.wire import dotted
from pipeline.records.decision import Judged
from pipeline.records.effect import EffectKind
from pipeline.records.letter import Reply
from pipeline.records.mail import Location, RawMail
from pipeline.replies.articles import ArticleShelf
from pipeline.replies.letters import TemplateLetters
from pipeline.route import Route
from pipeline.store.past import Past
from pipeline.tokens import Signer
from tests.campaigns.test_hostile_mail import HOSTILE, assert_valid
from tests.samples import NOON, table

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
ARCHIVES = (
    "mail_fixtures/mikel_mail.tar.gz",
    "mail_fixtures/stalwart_mail_parser.tar.gz",
    "spamassassin/messages.tar.gz",
)
LARGEST = 40_000  # bytes of a real mail that is damaged: small ones break in as many ways, and more of them get tried
SECONDS, MEGABYTES = 2.0, 512

# What opens and closes things, and what tells a parser how to read the rest.
PIECES = (
    b'From: |To: |Subject: |a@b.example|<|>|"|\\"|(|)|,|;|:|@|=?utf-8?q?|=?iso-2022-jp?b?|?=|\n|\r\n|\r|\n\n|\r\n.\r\n'
    b"|\n.\n| |\t|\xff|\xfe|\0|\x1b$B|\xe2\x80\xae|\xe2\x80\x8b|\xef\xbb\xbf|--b|--b--|Content-Type: "
    b"|multipart/mixed; boundary=b|multipart/alternative; boundary=b"
    b"|multipart/report; report-type=delivery-status; boundary=b|message/rfc822"
    b"|text/html; charset=utf-7|text/calendar|text/plain; format=flowed|Content-Transfer-Encoding: base64"
    b"|Content-Transfer-Encoding: quoted-printable|; name*0*=utf-8''%FF|=0D=0ABcc: |%0d%0a|Message-ID: <|References: <"
    b"|In-Reply-To: |Auto-Submitted: no|Auto-Submitted: (((|Return-Path: <>|Reply-To: |Date: Thu, 99 Foo 0000 99:99:99"
    b"|Authentication-Results: |<p>|<!--|<style>|<blockquote>|&#0;|&#x202e;|> |On 1.1.2025 10:10 A wrote:|-- \n"
    b"|{{ 7*7 }}|MAIL FROM:<x@y.example>|Bcc: eve@evil.example|Final-Recipient: rfc822; |Status: 5.1.1|7K3M-9QTX"
    b"|begin 644 x\n"
).split(b"|")


# --- inputs -----------------------------------------------------------------------------------------------------------


@cache
def seeds() -> tuple[bytes, ...]:
    """Real mails where they are at hand, and always the named attacks that are small."""
    found = [raw for raw in (make() for make in HOSTILE.values()) if len(raw) <= LARGEST]
    found += [letter(number) for number in range(20)]
    for archive in filter(Path.exists, (DATA / name for name in ARCHIVES)):
        with tarfile.open(archive) as tar:
            files = [tar.extractfile(member) for member in tar if member.isfile() and member.size <= LARGEST]
            found += [file.read() for file in files if file and not file.name.endswith(".json")]
    return tuple(found)


def letter(number: int) -> bytes:
    """A mail that would be answered, so that damage reaches the reply too."""
    return (
        f"From: Person {number} <person{number}@example.org>\r\nTo: support@example.com\r\nSubject: Parcel {number}\r\n"
        f"Message-ID: <{number}@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"Hello,\r\n\r\nwhere is parcel {number}?\r\n"
    ).encode()


def damaged(chance: random.Random) -> bytes:
    """A real mail with bytes changed, cut out, repeated, or put in."""
    raw = bytearray(chance.choice(seeds()))
    for _ in range(chance.choice((1, 2, 5, 20, 100))):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(6):
            case 0 if raw:
                raw[min(at, len(raw) - 1)] = chance.randrange(256)
            case 1:
                raw[at:at] = chance.choice(PIECES)
            case 2:
                del raw[at : at + chance.choice((1, 3, 40, 800))]
            case 3:
                raw[at:at] = raw[at : at + chance.choice((4, 80, 800))]
            case 4:
                raw[at:at] = chance.choice(PIECES) * chance.choice((2, 10, 100))
            case _:
                raw[at : at + 1] = chance.randbytes(chance.choice((1, 4, 16)))
    return bytes(raw[:400_000])


def spliced(chance: random.Random) -> bytes:
    """The beginning of one real mail and the end of another."""
    first, second = chance.choice(seeds()), chance.choice(seeds())
    return first[: chance.randrange(len(first) + 1)] + second[chance.randrange(len(second) + 1) :]


def pieces(chance: random.Random) -> bytes:
    return b"".join(chance.choices(PIECES, k=chance.choice((5, 30, 200, 1_000))))


def answerable(chance: random.Random) -> bytes:
    """A mail to be answered, with hostile pieces in what the reply takes over: name, address, subject, Message-ID."""
    raw = letter(chance.randrange(1_000))
    for _ in range(chance.randrange(1, 5)):
        word = chance.choice((b"Person", b"person", b"Parcel", b"<", b"@example.org", b"Hello"))
        junk = b"".join(chance.choices(PIECES, k=chance.randrange(1, 4)))
        raw = raw.replace(word, chance.choice((word + junk, junk + word, junk)), 1)
    return raw


def noise(chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice((1, 50, 2_000, 20_000)))


KINDS: Mapping[str, tuple[int, Callable[[random.Random], bytes]]] = {  # weight, maker
    "a damaged real mail": (45, damaged),
    "a hostile reply to be made": (25, answerable),
    "pieces thrown together": (15, pieces),
    "two mails in one": (10, spliced),
    "noise": (5, noise),
}


def made(number: int) -> tuple[str, bytes]:
    """The input with this number, and its kind."""
    chance = random.Random(number)
    (kind,) = chance.choices(list(KINDS), [weight for weight, _ in KINDS.values()])
    return kind, KINDS[kind][1](chance)


# --- what must hold ---------------------------------------------------------------------------------------------------


class NoLedger:
    """Everything is new."""

    def past(self, *_: Any) -> Past:
        return Past(now=NOON)


@dataclass
class Sent(Outbox):
    """An outbox that keeps its one reply."""

    replies: list[Reply] = field(default_factory=list)

    def send(self, reply: Reply) -> None:
        self.replies.append(reply)

    def check(self) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Tried:
    """How it went with one input."""

    kind: str
    seconds: float
    size: int
    verdict: str
    answered: bool
    broken: str = ""  # what did not hold


class Trial:
    """The whole way of a mail with real parts, from its bytes to the bytes of the reply; only the ledger is empty."""

    def __init__(self, folder: Path) -> None:
        self.memory = 0  # bytes that the process had before it
        config = check(table(replies={"templates": str(ROOT / "templates")}), folder / "config.toml")
        # So that more of them are answered: also those of long ago, of which many come.
        loosely = {"addresses": (), "max_age": timedelta(days=36_500)}
        anybody = config.mailbox["support"].model_copy(update=loosely)
        changes = {"mailbox": {"support": anybody}, "guard": GuardConfig()}
        self.route = Route(
            config=config.model_copy(update=changes),
            clock=FakeClock(NOON),
            signer=Signer(b"k"),
            ledger=NoLedger(),  # type: ignore[arg-type]
            letters=TemplateLetters.of(config),
            articles=ArticleShelf(config.at(config.replies.templates)),
            predictor=None,
        )

    def of(self, kind: str, raw: bytes, replies: list[Reply] | None = None) -> Tried:
        """Judges it, makes the reply if there is one, and looks at everything that came out."""
        place = Location(mailbox="support", uidvalidity=1, uid=1)
        mail = RawMail(location=place, received=NOON, raw=raw, size=len(raw))
        outbox, began = Sent([] if replies is None else replies), time.thread_time()
        try:
            (judged,), _ = self.route.judge([mail], None)
            authentication.prove(judged.mail, ["mx.example.com", ""])
            failed = [
                self.route.acknowledge(one, outbox) for one in judged.effects if one.kind is EffectKind.ACKNOWLEDGE
            ]
            seconds = time.thread_time() - began
            broken = _first_wrong(judged, [one.error for one in failed if one.error], outbox.replies, seconds)
        except Exception as error:  # whatever comes out of it is what is looked for
            return Tried(kind, time.thread_time() - began, len(raw), "", False, f"{type(error).__name__}: {error}")
        return Tried(kind, seconds, len(raw), judged.verdict.kind.value, bool(outbox.replies), broken)


def _first_wrong(judged: Judged, errors: Sequence[str], replies: Sequence[Reply], seconds: float) -> str:
    if judged.error:
        return judged.error
    try:
        assert_valid(judged.mail)
        assert [rule.rule for rule in judged.verdict.rules] == [rule.name for rule in RULES]
        for reply in replies:
            assert_safe(reply)
    except AssertionError as wrong:
        return f"not valid: {str(wrong)[:200]}"
    if unexpected := [error for error in errors if "no address that can be written to" not in error]:
        return f"not sent: {unexpected[0]}"
    return f"took {seconds:.1f} s" if seconds > SECONDS else ""


OURS = (
    "from to subject date message-id in-reply-to references auto-submitted x-auto-response-suppress x-firstline-loop "
    "content-language mime-version content-type content-transfer-encoding"
).split()


ALWAYS = "from to subject date message-id auto-submitted x-auto-response-suppress x-firstline-loop mime-version".split()


def assert_safe(reply: Reply) -> None:
    """Our headers and no other, each once; one recipient; no bare CR or LF, nowhere, neither made nor on the wire."""
    head, _, _ = reply.data.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0].decode().lower() for line in re.split(rb"\r\n(?![ \t])", head)]
    assert len(names) == len(set(names)), names
    assert set(names) <= set(OURS), set(names) - set(OURS)
    assert set(names) >= set(ALWAYS), set(ALWAYS) - set(names)
    for data in (reply.data, dotted(reply.data)):
        assert not re.search(rb"\r(?!\n)|(?<!\r)\n", data), "a bare CR or LF"
        assert b"\0" not in data
    assert dotted(reply.data).count(b"\r\n.\r\n") == 1, "a second end of the message"
    assert re.fullmatch(r"[^\s<>,;]+@[^\s<>,;]+", reply.recipient), reply.recipient
    assert f"\r\nTo: {reply.recipient}\r\n".encode() in b"\r\n" + head
    assert max(map(len, reply.data.split(b"\r\n"))) <= 998  # RFC 5322 section 2.1.1


def forget_peak() -> int:
    """Begins to measure anew; returns what memory the process has now, in bytes (proc_pid_clear_refs(5))."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS")


def peak_since() -> int:
    """Most memory this process has had since `forget_peak`, in bytes."""
    return _status("VmHWM")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def peak_memory() -> int:
    """Most memory this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
