"""Asking customers: who is due for what, what an answer says, and the whole way over real mail servers."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from pipeline import survey
from pipeline.config.survey import SurveyConfig
from pipeline.config.values import parse_quiet
from pipeline.engine.jobs import surveys
from pipeline.records.askable import Askable
from pipeline.records.effect import EffectKind
from pipeline.records.payload import AcknowledgementPayload
from pipeline.records.survey import SurveyKind
from pipeline.records.ticket import TicketStatus
from pipeline.replies.letters import TemplateLetters
from pipeline.replies.variables import samples
from pipeline.store import schema
from pipeline.tokens import Signer
from pipeline.wiring.live_doors import LiveDoors
from tests.desk import ROOT, Desk
from tests.samples import NOON, mail
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.web_doors import (
    COMPLAINT,
    FRIENDLY,
    asked,
    client_of,
    complained,
    pass_by,
    path_of,
    solved,
    text_of,
    web_doors,
)

CSAT, CES, NPS = SurveyKind.CSAT, SurveyKind.CES, SurveyKind.NPS
LANGUAGES = ("de", "en", "es", "fi", "fr")


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path)
    yield made
    made.close()


@pytest.fixture
def visit(doors: LiveDoors) -> TestClient:
    return client_of(doors)


# --- who is due -------------------------------------------------------------------------------------------------------


def askable(days_ago: float = 2, **changes: Any) -> Askable:
    values: dict[str, Any] = {"ref": "7K3M-9QTX", "customer": "eve@example.org", "address": "eve@example.org"}
    answered = AcknowledgementPayload(template="delivery", language="en", ref="7K3M-9QTX", decided=NOON)
    return Askable(**values | {"resolved": NOON - timedelta(days=days_ago), "letter": answered} | changes)


def in_utc(_mailbox: str) -> ZoneInfo:
    return ZoneInfo("UTC")


def settings(**changes: Any) -> SurveyConfig:
    return SurveyConfig.model_validate({"resolved": "csat", "nps": True, "quiet": "", **changes})


def ago(**span: float) -> datetime:
    return NOON - timedelta(**span)


@pytest.mark.parametrize(
    ("one", "changes", "kind"),
    [
        (askable(), {}, CSAT),
        (askable(), {"resolved": "ces"}, CES),
        (askable(), {"resolved": "nothing"}, NPS),
        (askable(), {"resolved": "nothing", "nps": False}, None),
        (askable(0.9), {}, None),  # too early
        (askable(1), {}, CSAT),
        (askable(1), {"wait": "2d"}, None),
        (askable(8), {}, CSAT),
        (askable(8.1), {}, NPS),  # too late for the encounter, not for the rest
        (askable(8.1), {"nps": False}, None),
        (askable(91), {}, NPS),
        (askable(91.1), {}, None),
        (askable(complaint_open=True), {}, None),
        (askable(stopped=True), {}, None),
        (askable(asked=((CSAT, ago(days=29)),)), {}, None),
        (askable(asked=((CSAT, ago(days=30)),)), {}, CSAT),
        (askable(asked=((CSAT, ago(days=31)),), asked_here=True), {}, NPS),
        (askable(40, asked=((CSAT, ago(days=38)),), asked_here=True), {}, NPS),
        (askable(40, asked=((NPS, ago(days=181)),)), {}, None),
        (askable(40, asked=((NPS, ago(days=182)),)), {}, NPS),
        (askable(40, asked=((NPS, ago(days=400)), (NPS, ago(days=100)))), {}, None),
    ],
)
def test_who_is_due_for_which_question(one: Askable, changes: dict[str, Any], kind: SurveyKind | None) -> None:
    assert [what for _, what in survey.due([one], settings(**changes), in_utc, NOON)] == ([kind] if kind else [])


def test_a_customer_with_two_tickets_is_asked_once() -> None:
    both = [askable(ref="AAAA-AAAA"), askable(ref="BBBB-BBBB"), askable(ref="CCCC-CCCC", customer="bob@example.org")]
    assert [one.ref for one, _ in survey.due(both, settings(), in_utc, NOON)] == ["AAAA-AAAA", "CCCC-CCCC"]


def test_either_question_goes_to_about_half_of_the_tickets() -> None:
    refs = [Signer(b"k").ref(str(number)) for number in range(400)]
    kinds = [next(survey.due([askable(ref=ref)], settings(resolved="either"), in_utc, NOON))[1] for ref in refs]
    assert 150 < kinds.count(CSAT) < 250
    assert set(kinds) == {CSAT, CES}


def test_quality_asks_each_customer_for_one_of_its_sides_or_the_whole() -> None:
    refs = [f"AAAA-{number:04d}" for number in range(300)]
    kinds = Counter(next(survey.due([askable(ref=ref)], settings(resolved="quality"), in_utc, NOON))[1] for ref in refs)
    assert set(kinds) == {SurveyKind.CSAT, SurveyKind.OUTCOME, SurveyKind.TREATMENT}
    assert min(kinds.values()) > 60


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        ("20:00-08:00", "19:59", False),
        ("20:00-08:00", "20:00", True),
        ("20:00-08:00", "03:00", True),
        ("20:00-08:00", "08:00", False),
        ("12:00-13:00", "12:30", True),
        ("12:00-13:00", "13:00", False),
        ("", "00:00", False),
    ],
)
def test_quiet_hours(hours: str, at: str, quiet: bool) -> None:
    assert survey.is_quiet(time.fromisoformat(at), parse_quiet(hours)) is quiet


def test_nobody_is_asked_in_the_quiet_hours_of_the_house() -> None:
    night = datetime(2026, 11, 18, 19, 0, tzinfo=UTC)  # 21:00 in Helsinki
    asking = settings(quiet="20:00-08:00")
    assert list(survey.due([askable()], asking, lambda _: ZoneInfo("Europe/Helsinki"), night)) == []
    assert list(survey.due([askable()], asking, in_utc, night)) != []


# --- what an answer says ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "score"),
    [
        ("4", CSAT, 4),
        (" 4 \n\nBest regards\nEve", CSAT, 4),
        ("**5**", CSAT, 5),
        ("5!", CSAT, 5),
        ("4, because it took long", CSAT, 4),
        ("4 - quick and friendly", CSAT, 4),
        ("4/5", CSAT, 4),
        ("4 out of 5", CSAT, 4),
        ("Note: 5", CSAT, 5),
        ("10", NPS, 10),
        ("0", NPS, 0),
        ("9/10 would do it again", NPS, 9),
        ("8 von 10", NPS, 8),
        ("9 Punkte", NPS, 9),
        ("8 sur 10", NPS, 8),
        ("10 puntos", NPS, 10),
        ("9 pistettä", NPS, 9),
        ("7", CES, 7),
        ("8", CES, None),
        ("0", CSAT, None),
        ("6", CSAT, None),
        ("8/10", CSAT, None),  # another scale than ours
        ("2 weeks ago I wrote to you", CSAT, None),
        ("4.5", CSAT, None),
        ("3 colleagues were involved", CSAT, None),
        ("Very good, thank you", CSAT, None),
        ("", CSAT, None),
        ("12345", NPS, None),
    ],
)
def test_a_number_at_the_beginning_is_the_score(text: str, kind: SurveyKind, score: int | None) -> None:
    found = survey.read(text, "7K3M-9QTX", kind)
    assert (found.score, found.stop) == (score, False)


@pytest.mark.parametrize(
    "text", ["STOP", "stop.", "Stop, please", "Unsubscribe", "Bitte abmelden", "Stopp!", "Arrêtez", "Baja", "Lopeta"]
)
def test_one_word_ends_all_questions(text: str) -> None:
    assert survey.read(text, "7K3M-9QTX", CSAT).stop


@pytest.mark.parametrize("text", ["Please stop sending me broken parcels", "non-stop service", "It did not stop"])
def test_the_word_in_a_sentence_ends_nothing(text: str) -> None:
    assert not survey.read(text, "7K3M-9QTX", CSAT).stop


def test_the_question_is_found_by_the_headers_and_else_by_the_line_they_quote() -> None:
    signer = Signer(b"k")
    asking = signer.message_id("7K3M-9QTX", "csat", "firstline.example.com")
    answer = signer.message_id("7K3M-9QTX", "ack", "firstline.example.com")
    found = ("7K3M-9QTX", CSAT)
    assert survey.asked_in(mail(in_reply_to=(asking,)), signer) == found
    assert survey.asked_in(mail(references=("<a@b>", answer, asking)), signer) == found
    assert survey.asked_in(mail(in_reply_to=("<lost@exchange>",), whole=f"4\n> {asking}"), signer) == found
    assert (
        survey.asked_in(mail(in_reply_to=(answer,), references=(asking, answer), whole=f"> {asking}"), signer) is None
    )
    assert survey.asked_in(mail(in_reply_to=(asking.replace("csat", "nps"),)), signer) is None  # forged
    assert survey.asked_in(mail(), signer) is None


# --- the letters ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def letters() -> TemplateLetters:
    return TemplateLetters(ROOT / "templates", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(SurveyKind))
def test_the_letter_asks_with_links_or_without(letters: TemplateLetters, language: str, kind: SurveyKind) -> None:
    scores = [{"score": str(score), "link": f"https://support.example.com/q/{score}"} for score in kind.scale]
    with_links = letters.render(f"survey-{kind}", language, samples() | {"scores": scores})
    without = letters.render(f"survey-{kind}", language, samples() | {"scores": [], "stop_link": ""})
    for one in (with_links, without):
        assert (one.problem, one.language, one.template) == ("", language, f"survey-{kind}")
        assert re.search(rf"\b{kind.scale[0]}\b.+\b{kind.scale[-1]}\b", one.text)
        assert samples()["ref"] in one.subject
        assert one.text.rstrip().endswith(samples()["token"])
        assert "\n\n\n" not in one.text
        assert max(len(line) for line in one.text.splitlines() if "https://" not in line) <= 78
    assert [line for line in with_links.text.splitlines() if "/q/" in line] == [
        f"{one['score']}: {one['link']}" for one in scores
    ]
    assert samples()["stop_link"] in with_links.text
    assert "https://" not in without.text
    assert "STOP" in without.text


# --- asking -----------------------------------------------------------------------------------------------------------


def asked_kinds(doors: LiveDoors) -> list[tuple[str, SurveyKind]]:
    return [(one.ref, kind) for one, kind in surveys.ask(doors)]


def test_a_solved_ticket_is_asked_about_once(doors: LiveDoors) -> None:
    ref = solved(doors)
    assert asked_kinds(doors) == []
    pass_by(doors, days=1)
    assert asked_kinds(doors) == [(ref, CSAT)]
    assert asked_kinds(doors) == []
    (effect,) = doors.effects.due(EffectKind.SURVEY, doors.clock.now(), 10)
    assert (effect.recipient, effect.letter.template) == ("eve@example.org", "survey-csat")
    assert doors.signer.read(effect.message_id) == (ref, "csat")


def test_nobody_is_asked_while_a_complaint_of_theirs_is_open(doors: LiveDoors) -> None:
    solved(doors, number=1)
    open_one = complained(doors, number=2)
    pass_by(doors, days=2)
    assert asked_kinds(doors) == []
    doors.board.set_status(open_one, TicketStatus.RESOLVED, "anna", doors.clock.now())
    assert len(asked_kinds(doors)) == 1


def test_who_could_not_be_acknowledged_or_has_bounced_is_not_asked(doors: LiveDoors) -> None:
    solved(doors, email="")
    bounced = solved(doors, email="gone@example.org")
    with doors.database.writing() as connection:
        row = {"address": "gone@example.org", "at": doors.clock.now(), "status": "5.1.1"}
        connection.execute(schema.bounce.insert(), [row])
    pass_by(doors, days=2)
    assert bounced
    assert asked_kinds(doors) == []


def test_a_question_nobody_answers_expires(doors: LiveDoors) -> None:
    ref = solved(doors)
    asked(doors, ref)
    with doors.database.writing() as connection:
        connection.execute(schema.survey.update().values(state="sent", sent=doors.clock.now()))
    pass_by(doors, days=31)
    surveys.ask(doors)
    assert doors.surveys.find(f"{ref}:csat").state == "expired"  # type: ignore[index]


# --- answers by link --------------------------------------------------------------------------------------------------


def answers(doors: LiveDoors) -> list[tuple[str, int | None, str, str]]:
    table = schema.survey_answer
    with doors.database.reading() as connection:
        rows = connection.execute(table.select().order_by(table.c.id)).all()
    return [(row.survey, row.score, row.text, row.channel) for row in rows]


def test_looking_at_every_link_records_nothing_and_the_button_does(doors: LiveDoors, visit: TestClient) -> None:
    ref = solved(doors)
    letter = asked(doors, ref)
    every_link = [one["link"] for one in letter["scores"]] + [letter["stop_link"]]
    for _ in range(2):  # a mail scanner, and the one behind it
        for link in every_link:
            assert visit.get(path_of(link)).status_code == 200
            visit.head(path_of(link))
    assert answers(doors) == []
    five = path_of(letter["scores"][-1]["link"])
    assert re.findall(r'value="(\d)" checked', visit.get(five).text) == ["5"]
    done = visit.post(five, data={"score": "4", "text": FRIENDLY})
    assert "noted" in done.text
    assert answers(doors) == [(f"{ref}:csat", 4, FRIENDLY, "link")]
    assert doors.surveys.find(f"{ref}:csat").state == "answered"  # type: ignore[index]


def test_a_link_works_once_whichever_of_them_it_is(doors: LiveDoors, visit: TestClient) -> None:
    ref = solved(doors)
    first, *_, last = [path_of(one["link"]) for one in asked(doors, ref)["scores"]]
    visit.post(first, data={"score": "1"})
    for link in (first, last):
        assert "answered already" in visit.get(link).text
        assert "answered already" in visit.post(link, data={"score": "5"}).text
    assert [score for _, score, *_ in answers(doors)] == [1]


def test_an_expired_or_forged_link_records_nothing(doors: LiveDoors, visit: TestClient) -> None:
    ref = solved(doors)
    link = path_of(asked(doors, ref)["scores"][0]["link"])
    other_score = link.replace("csat:1.", "csat:5.")
    assert visit.post(other_score, data={"score": "5"}).status_code == 404
    pass_by(doors, days=31)
    assert visit.get(link).status_code == 410
    assert visit.post(link, data={"score": "5"}).status_code == 410
    assert answers(doors) == []


def test_a_score_that_is_missing_or_off_the_scale_is_asked_for_again(doors: LiveDoors, visit: TestClient) -> None:
    link = path_of(asked(doors, solved(doors))["scores"][0]["link"])
    for score in ("", "6", "x"):
        answer = visit.post(link, data={"score": score, "text": "so so"})
        assert answer.status_code == 422
        assert "so so" in answer.text
    assert answers(doors) == []


def test_who_complains_on_the_page_has_complained(doors: LiveDoors, visit: TestClient) -> None:
    ref = solved(doors)
    link = path_of(asked(doors, ref)["scores"][0]["link"])
    page = text_of(visit.post(link, data={"score": "1", "text": COMPLAINT}).text)
    assert "not right yet" in page
    assert ref in page
    assert doors.board.show(ref).status == "open"
    assert [channel for *_, channel in answers(doors)] == ["link"]
    assert doors.effects.due(EffectKind.ACKNOWLEDGE, doors.clock.now(), 10) == []


def test_who_does_not_want_to_be_asked_is_never_asked_again(doors: LiveDoors, visit: TestClient) -> None:
    link = path_of(asked(doors, solved(doors))["stop_link"])
    assert "Don&#39;t ask me again" in visit.get(link).text
    assert "Done." in visit.post(link).text
    solved(doors, number=2)
    pass_by(doors, days=300)
    solved(doors, number=3)
    pass_by(doors, days=2)
    assert asked_kinds(doors) == []


# --- the whole way ----------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    from tests.learned import KEY, toy_registry

    made = Desk(
        tmp_path / "desk",
        dovecot.imap_port,
        sink.port,
        dovecot.fresh_user(),
        more="[survey]\nresolved = 'csat'\nwait = '0s'\nquiet = ''\n[web]\nurl = 'https://support.example.com'\n",
    )
    (made.folder / "var/key").write_bytes(KEY)
    toy_registry(made.folder / "models")
    return made


class Post:
    """Customers with mail programs: they complain, are asked, and answer."""

    def __init__(self, desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
        self.desk, self.dovecot, self.sink = desk, dovecot, sink

    def write(self, sender: str, subject: str, text: str, **headers: str) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, "support@example.com", subject
        message["Message-ID"] = f"<{abs(hash((sender, subject, text)))}@example.org>"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        self.dovecot.deliver(message.as_bytes().replace(b"\n", b"\r\n"), self.desk.username)

    def once(self) -> dict[str, int]:
        counts: dict[str, int] = self.desk.json("once")["mailboxes"]["support"]
        return counts

    def sent_to(self, address: str) -> list[EmailMessage]:
        letters = [one.data for one in self.sink.accepted if one.recipients == (address,)]
        return [email.message_from_bytes(data, policy=email.policy.default) for data in letters]  # type: ignore[misc]

    def asked(self, *customers: str) -> dict[str, EmailMessage]:
        """Each complains, gets an acknowledgement, is helped, and is asked."""
        for number, customer in enumerate(customers):
            self.write(customer, f"Parcel {number}", COMPLAINT)
        assert self.once()["tickets_opened"] == len(customers)
        for ticket in self.desk.jsonl("ticket", "list"):
            self.desk.run("ticket", "status", ticket["ref"], "resolved")
        dry = self.desk.jsonl("survey", "send", "--dry-run")
        assert sorted(one["customer"] for one in dry) == sorted(customers)
        self.once()
        assert self.desk.jsonl("survey", "send") == []
        return {customer: self._question(customer) for customer in customers}

    def _question(self, customer: str) -> EmailMessage:
        (found,) = [letter for letter in self.sent_to(customer) if ".csat." in letter["Message-ID"]]
        return found

    def metrics(self) -> dict[str, Any]:
        found: dict[str, Any] = self.desk.json("metrics")["total"]["csat"]
        return found

    def status_of(self, customer: str) -> str:
        (found,) = [one["status"] for one in self.desk.jsonl("ticket", "list") if one["customer"] == customer]
        return str(found)


def test_answers_by_mail_are_noted_and_not_acknowledged(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    post = Post(desk, dovecot, sink)
    sentences = {
        "en": "It was all right, quick and friendly.",
        "de": "Alles bestens, schnell und freundlich gelöst.",
        "fr": "Tout va bien, rapide et aimable.",
        "es": "Todo bien, rápido y amable.",
        "fi": "Kaikki kunnossa, nopeaa ja ystävällistä.",
    }
    numbers = ["number@example.org", "away@example.org", "stop@example.org", "angry@example.org", "lent@example.org"]
    customers = [*numbers, *(f"{language}@example.org" for language in sentences)]
    asked_by = post.asked(*customers)
    letter = asked_by["number@example.org"]
    assert letter["Auto-Submitted"] == "auto-generated"
    plain = letter.get_body(("plain",))
    assert plain is not None
    body = plain.get_content()
    assert len(re.findall(r"^\d: https://support\.example\.com/q/", body, re.MULTILINE)) == 5
    before = len(sink.accepted)

    def reply(customer: str, text: str, sender: str = "", **headers: str) -> None:
        question = asked_by[customer]
        threading = {"In_Reply_To": question["Message-ID"]} | headers
        post.write(sender or customer, f"Re: {question['Subject']}", f"{text}\n", **threading)

    reply("number@example.org", "4")
    for language, sentence in sentences.items():
        reply(f"{language}@example.org", sentence)
    reply("away@example.org", "I am out of the office until Monday. 5", Auto_Submitted="auto-replied")
    reply("stop@example.org", "STOP")
    reply("angry@example.org", f"1\n\n{COMPLAINT}")
    reply("lent@example.org", "5", sender="colleague@example.net")  # to whom the question was forwarded
    counts = post.once()
    assert (counts["fetched"], counts["parked"], counts["failed"]) == (10, 0, 0)
    # Who complains hears that the ticket is open again; nobody else hears anything.
    assert [one.recipients[0] for one in sink.accepted[before:]] == ["angry@example.org"]
    assert post.metrics()["scores"] == {"1": 1, "2": 0, "3": 0, "4": 1, "5": 0}
    assert post.status_of("angry@example.org") == "open"
    for customer in ("number", "away", "stop", "lent", *sentences):
        assert post.status_of(f"{customer}@example.org") == "resolved"
    (events,) = (
        [event for event in desk.json("ticket", "show", one["ref"])["events"] if event["kind"] == "answered"]
        for one in desk.jsonl("ticket", "list")
        if one["customer"] == "fi@example.org"
    )
    assert [event["detail"] for event in events] == ["csat: in words"]


@pytest.fixture
def any_doors(database: Any, tmp_path: Path) -> Iterator[LiveDoors]:
    """The same on both databases; `database` has made it empty."""
    made = web_doors(tmp_path, store={"url": database.url})
    yield made
    made.close()


def test_asking_answering_and_looking_are_the_same_on_both_databases(any_doors: LiveDoors) -> None:
    doors, visit = any_doors, client_of(any_doors)
    ref, other = solved(doors, number=1), solved(doors, email="bob@example.org", number=2)
    complained(doors, email="bob@example.org", number=3)  # so bob is not asked
    letter = asked(doors, ref)
    assert other not in [one.ref for one, _ in surveys.due(doors)]
    visit.post(path_of(letter["scores"][3]["link"]), data={"score": "4", "text": "fine"})
    assert answers(doors) == [(f"{ref}:csat", 4, "fine", "link")]
    assert visit.post(path_of(letter["stop_link"])).status_code == 200
    assert 'firstline_survey_answers_total{kind="csat",score="4"} 1.0' in visit.get("/metrics").text
    standing = doors.signer.link("status", ref, doors.clock.now() + timedelta(days=1))
    assert "It is solved" in text_of(visit.get(f"/s/{standing}").text)


def test_a_crash_between_asking_and_sending_asks_once(doors: LiveDoors) -> None:
    from pipeline.engine.workers.send import interrupted
    from pipeline.records.effect import EffectState

    solved(doors)
    pass_by(doors, days=2)
    surveys.ask(doors)
    (effect,) = doors.effects.due(EffectKind.SURVEY, doors.clock.now(), 10)
    doors.effects.claim([effect.key], doors.clock.now())  # and then it is killed
    interrupted(doors.effects, doors.clock)
    assert [one.key for one in doors.effects.left_over(EffectKind.SURVEY, EffectState.UNCERTAIN)] == [effect.key]
    assert asked_kinds(doors) == []
