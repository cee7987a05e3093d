"""What is new in a mail, and what the rest of it is: quoted, forwarded, a signature, or a program's frame around it.

Instead of mail-parser-reply: that needs 0.5 ms a mail and a guard against inputs on which it runs for a minute; this
looks at each line a bounded number of times. Nothing is cut without evidence: what was cut stays in `Mail.whole`, and
where the evidence is no proof, `Reading.doubtful` holds it. docs/reading.md says what is cut and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.text import mail_lines, signatures
from pipeline.text.mail_lines import LONGEST, OlderHead
from pipeline.text.mail_words import mail_words
from pipeline.text.passages import LineKind, Passage, passages


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What is known about a mail when its text is read."""

    answers: bool = True  # another mail: In-Reply-To, or a mark in the subject
    forwards: bool = False  # a mark in the subject says so
    ours: frozenset[str] = frozenset()  # whom it is addressed to: addresses and names, in lower case
    writer: frozenset[str] = frozenset()  # the address and the name of who wrote it, in lower case
    sent: tuple[str, ...] = ()  # the letters that they got from us in this conversation


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A mail's text, taken apart."""

    lines: tuple[str, ...]  # of the whole
    kinds: tuple[LineKind, ...]  # of each line
    new: str  # what its writer wrote, and what they passed on
    doubtful: str = ""  # the same with what was cut on less than proof; '' where that is less than half
    forwarded: str = ""  # who wrote what was passed on
    is_all: bool = False  # nothing is new: `new` is the whole, or nothing where all of it is a letter of ours

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Nothing is left out: the passages in their order are the whole."""
        return passages(self.lines, self.kinds)


def new_text(text: str) -> str:
    """What the writer of a mail wrote: `text` (cleaned by `text.tidy`), taken for an answer.

    Where nothing would be left (a lone quotation) it is the whole text.
    """
    return read(text).new


def read(text: str, context: Context = Context()) -> Reading:
    """Takes a text (cleaned by `text.tidy`) apart."""
    lines = text.split("\n")
    walk = _Walk(lines, context)
    walk.go()
    kinds = walk.kinds
    if context.sent:
        _Known(context.sent).compare(lines, kinds, walk)
    _find_answers(lines, walk, is_known=bool(context.sent))
    signatures.mark_frames(lines, kinds)
    signatures.mark_signature(lines, kinds, context.writer)
    return _reading(text, walk)


# --- line by line -----------------------------------------------------------------------------------------------------


@dataclass
class _Walk:
    """Through the lines, from the first to the last."""

    lines: list[str]
    context: Context
    kinds: list[LineKind] = field(default_factory=list)
    heads: set[int] = field(default_factory=set)
    hanging: list[int] = field(default_factory=list)  # what is quoted below a head, without marks of quotation
    doubtful: set[int] = field(default_factory=set)  # what is quoted on less than proof
    forwarded: str = ""  # the author of what is passed on
    state: LineKind = LineKind.NEW
    is_sure: bool = True
    unquotes: bool = False  # what is passed on has marks of quotation

    def go(self) -> None:
        """Tells the kind of each line."""
        self.kinds += [LineKind.NEW] * len(self.lines)
        at = 0
        while at < len(self.lines):
            if self.state is LineKind.NEW and not self.unquotes and _is_ordinary(self.lines[at]):
                at += 1
                continue
            bare = self._bare(at)
            if bare[:1] == ">":
                self._quoted(at)
            elif bare and (head := self._head(at, bare)) and (below := self._what_hangs_below(head)):
                at = self._begin(head, *below)
                continue
            elif bare in ("--", "—") and self.state is LineKind.NEW:
                self.state = LineKind.SIGNATURE
                self.kinds[at] = LineKind.SIGNATURE
            else:
                self._plain(at)
            at += 1

    def _bare(self, at: int) -> str:
        """The line without white space, and without a mark of quotation where all of a forwarded mail has one."""
        line = self.lines[at].strip()
        if self.unquotes and line[:1] == ">":
            self.lines[at] = line[1:].removeprefix(" ")
            line = self.lines[at].strip()
        elif self.unquotes and line and self._bare_next(at)[:1] != ">":  # behind it; a wrapped line has no mark either
            self.state, self.unquotes = LineKind.NEW, False
        return line[:LONGEST]

    def _bare_next(self, at: int) -> str:
        return self.lines[at + 1].strip() if at + 1 < len(self.lines) else ""

    def _quoted(self, at: int) -> None:
        """A line with a mark of quotation. What comes below a quotation is new, also behind a signature."""
        self.kinds[at] = LineKind.QUOTED
        if not self.context.answers and not self._is_attributed(at):
            self.doubtful.add(at)
        if self.state is LineKind.SIGNATURE:
            self.state = LineKind.NEW

    def _plain(self, at: int) -> None:
        if at - 1 in self.heads and not self.lines[at].strip():
            self.kinds[at] = self.kinds[at - 1]
            self.heads.add(at)
            return
        if self.state is LineKind.SIGNATURE and signatures.is_sentence(self.lines, at):
            self.state = LineKind.NEW
        self.kinds[at] = self.state
        if self.state is LineKind.QUOTED:
            self.hanging.append(at)
            if not self.is_sure:
                self.doubtful.add(at)

    def _begin(self, head: OlderHead, kind: LineKind, is_sure: bool) -> int:
        """What hangs below a head; says where it begins."""
        end = max(head.end, head.start + 1)
        for at in range(head.start, end):
            self.kinds[at] = LineKind.FRAME if kind is LineKind.FORWARDED else LineKind.QUOTED
            self.doubtful.discard(at)
        self.heads.update(range(head.start, end))
        self.unquotes = kind is LineKind.FORWARDED and mail_lines.is_quoted_next(self.lines, head.start + 1)
        if mail_lines.is_quoted_next(self.lines, end) and not self.unquotes:
            self.state = LineKind.NEW if self.state in (LineKind.SIGNATURE, LineKind.NEW) else self.state
        else:
            self.state, self.is_sure = kind, is_sure
        return end

    def _is_attributed(self, at: int) -> bool:
        """Does a quotation hang together with a head, or with a quoted line above it?"""
        above = next((number for number in range(at - 1, max(-1, at - 4), -1) if self.lines[number].strip()), -1)
        return above >= 0 and (
            above in self.heads or (self.kinds[above] is LineKind.QUOTED and above not in self.doubtful)
        )

    def _head(self, at: int, bare: str) -> OlderHead | None:
        lines, found = self.lines, None
        if bare[0] in "-–—_*#=>" or bare[-1] in ":：#-":
            found = mail_lines.delimiter(lines, at, bare) or mail_lines.attribution(lines, at, bare)
        if found is None and (":" in bare[:32] or "：" in bare[:32]):
            found = mail_lines.header_block(lines, at)
        return found

    def _what_hangs_below(self, head: OlderHead) -> tuple[LineKind, bool] | None:
        """Whether it is quoted or passed on, and whether that is proved; None: it is no head, but somebody's words."""
        context = self.context
        is_one_of_many = context.answers or context.forwards
        is_ours = _names(head, context.ours)
        is_quoted = mail_lines.is_quoted_next(self.lines, head.end)
        if not (head.is_marked or is_quoted or (is_one_of_many and (is_ours or head.is_whole))):
            return None
        if is_ours:
            return LineKind.QUOTED, is_one_of_many
        if head.forwards or context.forwards:
            return self._passed_on(head)
        if context.answers or is_quoted:
            return LineKind.QUOTED, False
        return self._passed_on(head)

    def _passed_on(self, head: OlderHead) -> tuple[LineKind, bool]:
        self.forwarded = self.forwarded or " ".join(head.author.split())[:200]
        return LineKind.FORWARDED, True


def _is_ordinary(line: str) -> bool:
    """A line that no head begins or ends with: most are."""
    return line[:1].isalnum() and line[-1] not in ":：#-" and ":" not in line[:32] and "：" not in line[:32]


def _names(head: OlderHead, people: Iterable[str]) -> bool:
    """Does a head name one of them as the author, by address or, where it has none, by name?"""
    if addresses := head.addresses:
        return any(address in people for address in addresses)
    author = head.author.lower()
    return any(len(name) > 3 and "@" not in name and name in author for name in people)


# --- what we sent -----------------------------------------------------------------------------------------------------

_RUN = 60  # letters that lines have in common with a letter of ours where no head stands above them
_LINKED = re.compile(r"<(?:https?|mailto|cid)[^<>\s]{0,2000}>|\[(?:cid|image)[:\s][^\[\]]{0,300}\]")


class _Known:
    """The letters that the writer got from us: the best evidence there is."""

    def __init__(self, letters: Sequence[str]) -> None:
        self._letters = "\n".join(_letters(letter) for letter in letters)

    def compare(self, lines: Sequence[str], kinds: list[LineKind], walk: _Walk) -> None:
        """Below a head: what differs from our letter is the writer's. Elsewhere: what does not differ is ours."""
        self._differing(lines, kinds, walk)
        run: list[int] = []
        for at in range(len(lines) + 1):
            line = _letters(lines[at]) if at < len(lines) and kinds[at] is LineKind.NEW else None
            if line is not None and (not line or line in self._letters):
                run.append(at)
                continue
            self._take(run, lines, kinds)
            run = []

    def _take(self, run: Sequence[int], lines: Sequence[str], kinds: list[LineKind]) -> None:
        first = next((at for at in run if lines[at].strip()), 0)
        if sum(len(_letters(lines[at])) for at in run) >= _RUN:
            for at in run:
                kinds[at] = LineKind.QUOTED if at >= first else kinds[at]

    def _differing(self, lines: Sequence[str], kinds: list[LineKind], walk: _Walk) -> None:
        hanging = [at for at in walk.hanging if kinds[at] is LineKind.QUOTED and at not in walk.heads]
        said = {at: _letters(lines[at]) for at in hanging}
        known = [at for at in hanging if said[at] and said[at] in self._letters]
        if sum(len(said[at]) for at in known) * 2 < sum(map(len, said.values())) or not known:
            return
        for at in hanging:
            walk.doubtful.discard(at)
            if said[at] and at not in known and any(map(str.isalpha, said[at])):
                kinds[at] = LineKind.NEW


def _letters(text: str) -> str:
    """Letters and figures alone: however it was wrapped, quoted or linked."""
    return "".join(filter(str.isalnum, _LINKED.sub("", text).casefold()))


_FEW = 25  # words beside which "see below" means that all of it stands below
_POINTED = 1_000  # characters in which such words are looked for


def _find_answers(lines: Sequence[str], walk: _Walk, *, is_known: bool) -> None:
    """Where the writer says that the answers stand below, and nothing tells which lines are theirs, all are."""
    hanging = [at for at in walk.hanging if walk.kinds[at] is LineKind.QUOTED]
    if not hanging or (is_known and not walk.doubtful):
        return
    written = "\n".join(line for line, kind in zip(lines, walk.kinds, strict=True) if kind is LineKind.NEW)[:_POINTED]
    words, said = mail_words(), written.lower()
    if words.answers.search(said) or (len(written.split()) <= _FEW and words.pointing.search(said)):
        for at in hanging:
            walk.kinds[at] = LineKind.NEW


# --- the result -------------------------------------------------------------------------------------------------------

_RULE = re.compile(r"[-_=*–—\s]{3,}")


def _reading(text: str, walk: _Walk) -> Reading:
    lines, kinds = walk.lines, walk.kinds
    judged = (LineKind.NEW, LineKind.FORWARDED)
    if kinds.count(LineKind.NEW) == len(kinds):  # most mails: nothing is to be cut
        new = _text_of(lines)
    else:
        new = _text_of([line for line, kind in zip(lines, kinds, strict=True) if kind in judged])
    if not new:
        is_ours = walk.context.sent and not walk.doubtful and LineKind.QUOTED in kinds
        whole = "" if is_ours else text.strip()  # above a letter of ours that came back nothing was written
        return Reading(lines=tuple(lines), kinds=tuple(kinds), new=whole, forwarded=walk.forwarded, is_all=True)
    doubtful = ""
    if sum(len(lines[at]) for at in walk.doubtful if kinds[at] is LineKind.QUOTED) > len(new):
        doubtful = _text_of([lines[at] for at, kind in enumerate(kinds) if kind in judged or at in walk.doubtful])
    return Reading(lines=tuple(lines), kinds=tuple(kinds), new=new, doubtful=doubtful, forwarded=walk.forwarded)


def _text_of(lines: Sequence[str]) -> str:
    """Without empty lines and rules at the end."""
    kept = list(lines)
    while kept and (not kept[-1].strip() or _RULE.fullmatch(kept[-1][:LONGEST])):
        kept.pop()
    return "\n".join(kept).strip()
