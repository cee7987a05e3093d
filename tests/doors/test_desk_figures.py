"""The page of figures says what `metrics --json` says, for every filter; each number leads to its cases."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from pipeline.clock import FakeClock
from pipeline.figures import measure
from pipeline.figures.lines import LINE, LINES, interval_of, value_of
from pipeline.figures.metrics_document import FiguresDocument
from pipeline.records.account import DeskRole
from pipeline.store import schema
from pipeline.store.metrics import Period
from pipeline.store.splitting import Only
from pipeline.web.desk import figures_page
from pipeline.web.site import MOST_KEPT, Remembered, RememberedEach
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import CAST, DeskBrowser, hire
from tests.doors.test_figure_cases import fill
from tests.doors.test_store_metrics import a_mail, put
from tests.samples import NOON
from tests.web_doors import text_of, web_doors

UTC = ZoneInfo("UTC")
FILTERS: list[tuple[dict[str, str], Only]] = [
    ({}, {}),
    ({"topic": "delivery"}, {"topic": "delivery"}),
    ({"topic": "-"}, {"topic": None}),
    ({"language": "fi"}, {"language": "fi"}),
    ({"owner": "bob@example.com"}, {"owner": "bob@example.com"}),
    ({"template": "en/neutral v1"}, {"template": "en/neutral v1"}),
    ({"complaint": "yes"}, {"complaint": True}),
    ({"complaint": "no", "topic": "refund"}, {"complaint": False, "topic": "refund"}),
]


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path_factory.mktemp("figures"))
    fill(made.database, random.Random(5), 130)
    hire(made)
    yield made
    made.close()


@pytest.fixture
def lead(doors: LiveDoors) -> DeskBrowser:
    return DeskBrowser(doors, CAST[DeskRole.LEAD])


def shown(page: str) -> dict[str, str]:
    """What the cards of the page say, by the name of the figure."""
    cards = re.findall(r'<h3><a href="[^"]*figure=(\w+)#shown".*?<p class="figure"><a [^>]*>(.*?)</a>', page, re.DOTALL)
    return {name: unescape(value) for name, value in cards}


@pytest.mark.parametrize(("fields", "only"), FILTERS)
def test_the_page_and_its_table_say_what_metrics_says(
    doors: LiveDoors, lead: DeskBrowser, fields: dict[str, str], only: Only
) -> None:
    period = Period(since=NOON.replace(hour=0) - timedelta(days=6), until=NOON)
    document = measure.measure(doors.database, UTC, NOON, period, "day", only)
    wording = figures_page.Wording(_speech(doors))
    expected = {
        line.name: wording.value(line.unit, value_of(line.of(document["total"])))
        for line in LINES
    }  # fmt: skip
    found = shown(lead.get(f"/desk/figures?{urlencode({'days': 7, **fields})}").text)
    assert found == {name: expected[name] for name in found}
    assert len(found) > 10
    rows = list(csv.DictReader(io.StringIO(lead.get(f"/desk/figures.csv?{urlencode({'days': 7, **fields})}").text)))
    _assert_rows(rows, "all", document["total"])
    for step in document["groups"]:
        _assert_rows(rows, str(step["value"]), step)


def _assert_rows(rows: list[dict[str, str]], part: str, of: FiguresDocument) -> None:
    found = {row["figure"]: row for row in rows if row["part"] == part}
    assert set(found) == set(LINE)
    for name, row in found.items():
        figure = LINE[name].of(of)
        assert row["value"] == ("" if value_of(figure) is None else str(value_of(figure))), (part, name)
        low, high = interval_of(figure) or ("", "")
        assert (row["low"], row["high"]) == (str(low), str(high))


def _speech(doors: LiveDoors) -> figures_page.Speech:
    return figures_page.Speech("en", "UTC", doors.clock.now())


def test_every_number_leads_to_as_many_cases(lead: DeskBrowser) -> None:
    page = lead.get("/desk/figures?days=7&by=topic&figure=by_people").text
    links = {unescape(link) for link in re.findall(r'href="(/desk/figures/cases\?[^"]+)"', page)}
    assert len(links) > 40
    for link in links:
        assert lead.get(link).status_code == 200, link
    day = re.search(r'<td class="number"><a href="([^"]+)">(\d+)</a></td>', page)
    assert day
    said = text_of(lead.get(unescape(day[1])).text)
    assert f"{day[2]} case" in said


def test_a_list_goes_on_and_names_what_is_beside_each_case(lead: DeskBrowser) -> None:
    first = lead.get("/desk/figures/cases?figure=respond_over&days=7").text
    assert "missed" in first
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more
    second = lead.get(unescape(more[1])).text
    cases = [re.findall(r'href="/desk/case/(\w+)"', page) for page in (first, second)]
    assert cases[0]
    assert cases[1]
    assert not set(cases[0]) & set(cases[1])
    assert lead.get("/desk/figures/cases?figure=nonsense").status_code == 404
    assert lead.get("/desk/figures/cases?figure=csat&page=-3").status_code == 200


def test_how_one_of_us_does_is_for_those_who_lead(doors: LiveDoors) -> None:
    for role, status in ((DeskRole.AGENT, 403), (DeskRole.DATA, 403), (DeskRole.LEAD, 200), (DeskRole.ADMIN, 200)):
        visitor = DeskBrowser(doors, CAST[role])
        asked = ("figures?by=owner", "figures?owner=bob@example.com", "figures.csv?by=owner")
        for address in (*asked, "figures/cases?figure=csat&owner=bob@example.com", "report"):
            assert visitor.get(f"/desk/{address}").status_code == status, (role, address)
        page = visitor.get("/desk/figures").text
        assert ('value="owner"' in page) is (status == 200)


@pytest.mark.parametrize(
    "address",
    [
        "since=yesterday&until=9999-99-99",
        "since=2026-11-20&until=2026-11-01",
        "since=2026-11-18T00:00:00&until=x",
        "days=-4",
        "days=99999999",
        "days=0&by=nonsense&figure=nonsense",
        "topic=%3Cscript%3Ealert(1)%3C/script%3E",
        "complaint=perhaps",
        "since=0001-01-01",
    ],
)
def test_an_address_that_somebody_made_up_shows_a_page(lead: DeskBrowser, address: str) -> None:
    answer = lead.get(f"/desk/figures?{address}")
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text


def test_a_period_before_the_first_mail_is_not_compared(lead: DeskBrowser) -> None:
    page = text_of(lead.get("/desk/figures?days=7").text)
    assert "There was not yet mail in the whole period before it" in page
    assert "surely" not in page


def test_what_was_counted_is_kept_for_a_minute_and_the_page_says_when(tmp_path: Path) -> None:
    doors = web_doors(tmp_path)
    hire(doors)
    visitor = DeskBrowser(doors, CAST[DeskRole.LEAD])
    assert "Mails by people" in visitor.get("/desk/figures?figure=by_people").text
    put(doors.database, schema.mail, a_mail("late", received=NOON))
    clock = doors.clock
    assert isinstance(clock, FakeClock)
    clock.pass_by(timedelta(seconds=30))
    assert shown(visitor.get("/desk/figures").text) == {}
    clock.pass_by(timedelta(seconds=31))
    assert shown(visitor.get("/desk/figures").text)["by_people"] == "1"
    doors.close()


def test_only_the_last_ones_that_were_asked_for_are_kept() -> None:
    counted: list[int] = []

    def find(number: int) -> int:
        counted.append(number)
        return number

    kept = RememberedEach(find, FakeClock(NOON), 60)
    for number in (*range(MOST_KEPT), 0, MOST_KEPT, 0, 1):
        assert kept.get(number) == number
    assert counted == [*range(MOST_KEPT + 1), 1]  # 0 was asked for again, so 1 was the one that fell out
    assert isinstance(kept._each[0], Remembered)


def test_every_figure_and_list_has_a_name_that_is_translated() -> None:
    assert set(figures_page.NAMES) == set(LINE)
    assert {line.behind for line in LINES} == set(figures_page.LIST_NAMES)
