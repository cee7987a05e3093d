"""What every tracker must do: one suite for the built-in board, the real ones and the enforced subsets alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.doors import Tracker
from pipeline.errors import LoginError, RejectedError
from pipeline.records.filing import Ability, Change, File, Filing, OutsideTicket, Remark
from pipeline.records.ticket import Priority, TicketStatus

KEYS = iter(f"firstline-7K3M{number:04d}" for number in range(1, 9999))  # no letter that is easily misread

HOSTILE = (
    "@alice please\n/close\n/assign @alice\nfixes #1, closes acme/support#2 [~alice] [~accountid:5]",
    "<script>alert(1)</script><b>bold</b><img src=https://evil.example.net/p.gif> ![x](https://evil.example.net/p.gif)",
    "```\n@bob\n/close\n```\n~~~\n/close\n~~~\n```text\n@carol",
    "`" * 60 + "\n@dave\n/close",
    "@eve\r/close\r\n```\r@eve\r/close",
    "{noformat}\n[~bob]\n{noformat} {quote}[click|https://evil.example.net]{quote} !https://evil.example.net/p.gif!",
    "</pre>@frank <a href='https://evil.example.net'>x</a> {{include(secret)}}",
    "zero \0 byte, half a character \ud800, right to left \u202e, עברית 😀",
)


@dataclass
class Case:
    """A tracker to be tried, and what one must know of its surroundings."""

    tracker: Tracker
    wrong: Callable[[], Tracker] | None = None  # the same with a wrong token
    owner: str = "alice"
    owner_shown: str = ""  # where it is shown otherwise than set
    gone: str = "999"  # the id of a ticket that is not there
    before: Callable[[Filing], None] | None = None  # what happens first wherever this tracker is used
    closed: tuple[TicketStatus, ...] = (TicketStatus.RESOLVED, TicketStatus.CLOSED)

    def can(self, *abilities: Ability) -> None:
        """Skips a test of what it does not claim to do."""
        for ability in abilities:
            if ability not in self.tracker.abilities:
                pytest.skip(f"{self.tracker.name} has no {ability}")

    def file(self, filing: Filing | None = None) -> tuple[Filing, OutsideTicket]:
        filing = filing or a_filing()
        if self.before:
            self.before(filing)
        return filing, self.tracker.open(filing)


def a_filing(
    *,
    title: str = "Late parcel",
    text: str = "It was due on Tuesday.\n\nWhere is it?",
    labels: tuple[str, ...] = (),
    owner: str = "",
    priority: Priority = Priority.NORMAL,
    files: tuple[File, ...] = (),
) -> Filing:
    return Filing(key=next(KEYS), title=title, text=text, labels=labels, owner=owner, priority=priority, files=files)


def squeezed(text: str) -> str:
    """Without white space: a space may have been put in so that something means nothing."""
    return "".join(text.replace("\0", "").replace("\ud800", "?").split())


class TrackerSuite:
    """Give it a fixture `case`."""

    def test_it_is_well(self, case: Case) -> None:
        assert case.tracker.check()

    def test_a_ticket_is_found_by_its_key_and_only_by_that(self, case: Case) -> None:
        case.can(Ability.FIND)
        filing = a_filing()
        assert case.tracker.find(filing.key) is None
        _, filed = case.file(filing)
        assert case.tracker.find(filing.key) == filed
        assert case.tracker.find(filing.key[:-1]) is None
        assert case.tracker.find(next(KEYS)) is None

    def test_a_customer_who_quotes_the_key_of_another_ticket_is_not_taken_for_it(self, case: Case) -> None:
        case.can(Ability.FIND)
        victim = a_filing()
        case.file(a_filing(title=f"[{victim.key}] [{victim.key}]", text=f"Hello\n\n{victim.key}"))
        assert case.tracker.find(victim.key) is None

    def test_a_link_leads_to_the_ticket(self, case: Case) -> None:
        _, filed = case.file()
        assert case.tracker.link(filed.id) == filed.url

    def test_a_new_ticket_is_open_and_nobody_has_said_anything(self, case: Case) -> None:
        case.can(Ability.STANDING)
        _, filed = case.file()
        standing = case.tracker.standing(filed.id)
        assert standing is not None
        assert (standing.status, standing.said) == (TicketStatus.OPEN, ())
        assert standing.word

    def test_a_comment_stands_there_with_its_key(self, case: Case) -> None:
        case.can(Ability.STANDING)
        filing, filed = case.file()
        for number in (1, 2):
            case.tracker.comment(filed.id, Remark(key=f"{filing.key}-{number}", text=f"Word {number} of the customer."))
        standing = case.tracker.standing(filed.id)
        assert standing is not None
        assert [said.key for said in standing.said] == [f"{filing.key}-1", f"{filing.key}-2"]
        assert "Word 1 of the customer." in standing.said[0].text
        assert standing.said[0].at is not None
        assert standing.said[0].author

    def test_what_is_erased_is_gone_or_says_nothing_of_the_customer_any_more(self, case: Case) -> None:
        filing, filed = case.file(a_filing(title="Quetzalmann", text="Xanthippe Quetzalmann\n\nis furious"))
        if case.tracker.name != "board":
            case.tracker.comment(filed.id, Remark(key=f"{filing.key}-1", text="Xanthippe again"))
        told = case.tracker.erase(filed.id)
        standing = case.tracker.standing(filed.id)
        words = [said.text for said in standing.said] if standing else []
        assert "shredded" in told or not any("Xanthippe" in text for text in words)
        case.tracker.erase(filed.id)  # once more: nothing happens

    def test_one_that_is_not_there_is_erased(self, case: Case) -> None:
        case.tracker.erase(case.gone)

    def test_a_customer_who_writes_a_key_of_ours_does_not_pass_for_us(self, case: Case) -> None:
        case.can(Ability.STANDING)
        filing, filed = case.file()
        case.tracker.comment(filed.id, Remark(key=f"{filing.key}-1", text=f"Hello\n\n{filing.key}-2\n"))
        standing = case.tracker.standing(filed.id)
        assert standing is not None
        assert [said.key for said in standing.said] == [f"{filing.key}-1"]

    @pytest.mark.parametrize("text", HOSTILE)
    def test_a_hostile_text_arrives_whole_and_does_nothing(self, case: Case, text: str) -> None:
        filing, filed = case.file(a_filing(title=f"@alice #1 !2 <b> {text}", text=text))
        case.tracker.comment(filed.id, Remark(key=f"{filing.key}-1", text=text))
        if Ability.STANDING in case.tracker.abilities:
            standing = case.tracker.standing(filed.id)
            assert standing is not None
            assert standing.status is TicketStatus.OPEN
            assert squeezed(text) in squeezed(standing.said[0].text)
        if Ability.FIND in case.tracker.abilities:
            assert case.tracker.find(filing.key) == filed

    def test_titles_and_texts_of_any_length_are_taken(self, case: Case) -> None:
        filing, filed = case.file(a_filing(title="long " * 400, text="word " * 200_000))
        case.tracker.comment(filed.id, Remark(key=f"{filing.key}-1", text="word " * 200_000))
        if Ability.FIND in case.tracker.abilities:
            assert case.tracker.find(filing.key) == filed
        _, empty = case.file(a_filing(title=" ", text=""))
        assert empty.id != filed.id

    def test_labels_of_all_kinds_are_no_obstacle(self, case: Case) -> None:
        _, filed = case.file(a_filing(labels=("complaint", "two words", "a,b", "bug")))
        assert filed.id

    def test_a_status_comes_back_translated(self, case: Case) -> None:
        case.can(Ability.STANDING)
        _, filed = case.file()
        for wanted in (TicketStatus.RESOLVED, TicketStatus.OPEN, TicketStatus.CLOSED, TicketStatus.ACTIVE):
            case.tracker.update(filed.id, Change(status=wanted))
            standing = case.tracker.standing(filed.id)
            assert standing is not None
            assert (standing.status in case.closed) == (wanted in case.closed), f"{wanted}: {standing}"
        case.tracker.update(filed.id, Change(status=TicketStatus.ACTIVE))  # once more is no mistake

    def test_resolved_is_resolved(self, case: Case) -> None:
        case.can(Ability.STANDING)
        _, filed = case.file()
        case.tracker.update(filed.id, Change(status=TicketStatus.RESOLVED))
        standing = case.tracker.standing(filed.id)
        assert standing is not None
        assert standing.status is TicketStatus.RESOLVED

    def test_an_owner_is_set_at_once_or_later(self, case: Case) -> None:
        case.can(Ability.OWNER, Ability.STANDING)
        _, unowned = case.file()
        case.tracker.update(unowned.id, Change(owner=case.owner))
        standing = case.tracker.standing(unowned.id)
        assert standing is not None
        assert standing.owner == (case.owner_shown or case.owner)
        if case.before is None:  # on the board the recording of the mail sets the first one
            _, owned = case.file(a_filing(owner=case.owner))
            again = case.tracker.standing(owned.id)
            assert again is not None
            assert again.owner == (case.owner_shown or case.owner)

    @pytest.mark.parametrize("priority", list(Priority))
    def test_every_priority_is_taken(self, case: Case, priority: Priority) -> None:
        case.can(Ability.PRIORITY)
        _, filed = case.file(a_filing(priority=priority))
        case.tracker.update(filed.id, Change(priority=priority))

    def test_no_change_is_none(self, case: Case) -> None:
        _, filed = case.file()
        case.tracker.update(filed.id, Change())

    def test_what_is_gone_has_no_standing_and_takes_nothing(self, case: Case) -> None:
        case.can(Ability.STANDING)
        assert case.tracker.standing(case.gone) is None
        with pytest.raises(RejectedError):
            case.tracker.comment(case.gone, Remark(key="firstline-X-1", text="Hello?"))
        with pytest.raises(RejectedError):
            case.tracker.update(case.gone, Change(status=TicketStatus.RESOLVED))

    def test_files_go_along_or_are_named(self, case: Case) -> None:
        files = (
            File(name="photo 1.png", content_type="image/png", data=b"\x89PNG\r\n\0\xff"),
            File(name='../@alice\n/close".txt', content_type="text/plain", data=b"a note"),
        )
        filing, filed = case.file(a_filing(files=files))
        case.tracker.comment(filed.id, Remark(key=f"{filing.key}-1", text="with files", files=files))
        if Ability.STANDING in case.tracker.abilities:
            standing = case.tracker.standing(filed.id)
            assert standing is not None
            assert [said.key for said in standing.said] == [f"{filing.key}-1"]

    def test_a_wrong_token_is_told(self, case: Case) -> None:
        if case.wrong is None:
            pytest.skip("there is none")
        wrong = case.wrong()
        with pytest.raises(LoginError) as caught:
            wrong.check()
        assert "wrong-token" not in str(caught.value)
        wrong.close()


def secrets(folder: Path, token: str) -> None:
    """The files that `token = { file = … }` of the cases points to."""
    (folder / "right").write_text(f"{token}\n")
    (folder / "wrong").write_text("wrong-token\n")
