"""Taking over letters of the package into a working folder: what nobody has edited, as a save like any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.config.settings import Config
from pipeline.desk.doors import TextDoors
from pipeline.desk.texts.opened import open_text
from pipeline.desk.texts.places import place_of_file
from pipeline.desk.texts.saving import TextChange, TextConflict, UnfitText, save
from pipeline.desk.texts.shipped import Difference, LetterChange, Shipped, after, differences, keep, kept, shipped_now
from pipeline.errors import UsageError
from pipeline.records.texts import TextPlace
from pipeline.replies.files import Finding


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the package has for this folder."""

    then: Shipped | None
    now: Shipped
    differences: Sequence[Difference]

    def takes(self) -> list[Difference]:
        """What can be taken over without losing anybody's work."""
        return [one for one in self.differences if one.change is not LetterChange.BOTH]


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """What came of taking them over. `unfit`: file → why the check has refused it; it was left as it was."""

    taken: Sequence[str]
    unfit: Mapping[str, Sequence[Finding]]


def offer(config: Config) -> Offer:
    """Compares. Raises DamagedError when the folder's record of what it was made from is damaged."""
    then, now = kept(config.at("var")), shipped_now()
    mine: dict[str, str] = {}
    for place in _places(now.letters):
        mine |= open_text(config, place).parts
    return Offer(then=then, now=now, differences=[*differences(then, mine, now)])


def leave(config: Config, offered: Offer, files: Iterable[str]) -> None:
    """One's own text stays, and the difference is not shown again until the package changes it anew.

    Raises UsageError for a file that is not offered.
    """
    open_ones = {one.file for one in offered.differences}
    decided = set(files)
    if wrong := sorted(decided - open_ones):
        raise UsageError(
            "there is no difference to keep yours in", where=wrong[0], remedy="see firstline template update"
        )
    keep(config.at("var"), after(offered.then, offered.now, open_ones - decided))


def take(doors: TextDoors, offered: Offer, who: str) -> Renewal:
    """All that nobody has edited. Each is checked as if an agent had saved it; parts of letters go first, and what is
    refused is tried once more after each round that has brought something in: it may need another one."""
    waiting = _places(one.file for one in offered.takes())
    texts = {one.file: one.now for one in offered.takes()}
    refused: dict[TextPlace, Sequence[Finding]] = {}
    while waiting:
        refused = {
            place: found for place in waiting if (found := _refused(doors, place, texts, offered, who)) is not None
        }
        if len(refused) == len(waiting):
            break
        waiting = [*refused]
    unfit = {file: why for place, why in refused.items() for file in place.files if file in texts}
    undecided = {one.file for one in offered.differences if one.change is LetterChange.BOTH} | set(unfit)
    keep(doors.config.at("var"), after(offered.then, offered.now, undecided))
    return Renewal(taken=[file for file in texts if file not in unfit], unfit=unfit)


def _refused(
    doors: TextDoors, place: TextPlace, texts: Mapping[str, str], offered: Offer, who: str
) -> Sequence[Finding] | None:
    """None: it was taken over."""
    there = open_text(doors.config, place)
    seen = {one.file: one.mine for one in offered.differences}
    if any(there.parts.get(file) != seen[file] for file in place.files if file in texts):
        return ()  # somebody has edited it since we looked: theirs stays
    parts = dict(there.parts) | {file: texts[file] for file in place.files if file in texts}
    change = TextChange(place=place, parts=parts, opened=there.mark, why=f"as Firstline {offered.now.version} ships it")
    done = save(doors, change, who)
    if isinstance(done, TextConflict):  # somebody saved in that very moment: theirs stays
        return ()
    return done.findings if isinstance(done, UnfitText) else None


def _places(files: Iterable[str]) -> list[TextPlace]:
    """Parts of letters first."""
    found = {place for file in files if (place := place_of_file(file))}
    return sorted(found, key=lambda place: (not place.is_part, place))
