"""A setting is changed: foreseen, checked as at the start, written, kept with who and why; and put back."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from pipeline.desk.doors import SettingDoors
from pipeline.desk.settings import file, toml_text
from pipeline.desk.settings.causes import Cause, causes
from pipeline.desk.settings.keys import kinds_of
from pipeline.desk.settings.warnings import SettingWarning, assert_promises_can_be_kept, fresh_warnings
from pipeline.errors import UsageError
from pipeline.records.setting import SettingPlace, SettingValue, SettingValues, SettingVersion

LONGEST_WHY = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeseenChange:
    """A change that is fit, before it is made."""

    place: SettingPlace
    opened: file.OpenedFile
    text: str  # of the file afterwards
    before: SettingValues  # of the keys that change
    after: SettingValues
    causes: tuple[Cause, ...]
    warnings: tuple[SettingWarning, ...]

    @property
    def diff(self) -> list[str]:
        """The lines that change, and no others: what stands beside them may be nobody's business."""
        lines = difflib.unified_diff(self.opened.text.splitlines(), self.text.splitlines(), lineterm="", n=0)
        return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def foresee(doors: SettingDoors, place: SettingPlace, values: SettingValues, mark: str = "") -> ForeseenChange:
    """What would become of it. `mark`: of the file that was looked at, '' for whatever it is now.

    Raises UsageError where nothing changes, ConfigError for what the start would refuse, OtherFileError.
    """
    opened = file.read(doors.config.path)
    if mark and mark != opened.mark:
        raise file.OtherFileError(
            "somebody has changed it since you looked at it",
            where=str(opened.path),
            remedy="look again: nothing of theirs is overwritten",
        )
    before = file.parsed(opened)
    written = toml_text.values_at(opened.text, place)
    wanted = {key: value for key, value in values.items() if written.get(key) != value}
    if not wanted:
        raise UsageError("nothing would change", where=place.section, remedy="it is so already")
    text = toml_text.changed(opened.text, place, wanted)
    after = file.parsed(opened, text)
    now = doors.clock.now()
    assert_promises_can_be_kept(after, now)
    return ForeseenChange(
        place=place,
        opened=opened,
        text=text,
        before={key: written.get(key) for key in wanted},
        after=wanted,
        causes=tuple(causes(before, after, place, now)),
        warnings=fresh_warnings(doors, before, after),
    )


def carry_out(doors: SettingDoors, change: ForeseenChange, by: str, why: str) -> SettingVersion:
    """Writes the file, and keeps who and why. Raises UsageError without a reason, ConfigError, OtherFileError."""
    reason = reason_of(why, change.place.section)
    file.assert_changeable(change.opened.path)
    _keep_what_was_edited(doors, change)
    one = SettingVersion(
        id=0,
        at=doors.clock.now(),
        account=by,
        why=reason,
        section=change.place.section,
        before=change.before,
        after=change.after,
    )
    return doors.setting_versions.keep(one, lambda: file.replace(change.opened, change.text))


def _keep_what_was_edited(doors: SettingDoors, change: ForeseenChange) -> None:
    """What was edited in the file itself since we changed these keys becomes a version, too, in nobody's name."""
    known: dict[str, SettingValue | None] = {}
    for version in reversed(doors.setting_versions.history(change.place.section, 0)):
        known |= version.after
    edited = {key: value for key, value in change.before.items() if key in known and known[key] != value}
    if edited:
        one = SettingVersion(
            id=0,
            at=doors.clock.now(),
            account="",
            why="",
            section=change.place.section,
            before={key: known[key] for key in edited},
            after=edited,
        )
        doors.setting_versions.keep(one, lambda: None)


def reason_of(why: str, where: str) -> str:
    """Why something is changed, in one line. Raises UsageError."""
    reason = " ".join(why.split())
    if not 0 < len(reason) <= LONGEST_WHY or not reason.isprintable():
        raise UsageError("why?", where=where, remedy=f"say it in 1 to {LONGEST_WHY} letters")
    return reason


def foresee_back(doors: SettingDoors, version: SettingVersion, place: SettingPlace, mark: str = "") -> ForeseenChange:
    """The keys of a change as they were before it. Raises what `foresee` does."""
    known = kinds_of(place.table)
    return foresee(doors, place, {key: value for key, value in version.before.items() if key in known}, mark)
