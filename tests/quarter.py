"""A quarter of a busy desk, seeded. Customers' scores follow how they were treated: a slow answer, a broken promise and
a letter that annoys each make a worse score more likely. Planted in its tenth week: a topic that got slow, a letter
whose new version annoys, an owner who breaks promises.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from pipeline.tokens import Signer
from tests.acceptance.test_report import mails
from tests.learned import KEY
from tests.samples import NOON

WEEKS, PLANTED = 13, 9  # the weeks count from 0
WEEK = timedelta(days=7)
START = NOON - WEEKS * WEEK
TOPICS = ("delivery", "refund", "invoice", "technical", "account", "praise")
OWNERS = ("ann@example.com", "bob@example.com", "cid@example.com")
SLOW, LATE, ANNOYING = "technical", "bob@example.com", "en/refund b2"
_SIGNER = Signer(KEY)
Rows = dict[str, list[dict[str, Any]]]  # by table


def lived(dice: random.Random, week: int) -> Rows:
    """The rows of one week."""
    end = START + (week + 1) * WEEK
    counts = dice.choices(TOPICS, k=20_000 // WEEKS)
    rows: dict[str, list[dict[str, Any]]] = {"mail": [], "ticket": [], "promise": [], "survey": [], "survey_answer": []}
    for topic in TOPICS:
        rows["mail"] += mails(counts.count(topic), end, topic, topic_sure=True)
    for row in rows["mail"]:
        row["topic_sure"] = dice.random() < 0.8
    for number in range(3_000 // WEEKS):
        for table, row in case(dice, week, number).items():
            rows[table].append(row)
    return rows


def case(dice: random.Random, week: int, number: int) -> dict[str, dict[str, Any]]:
    """A ticket, its promise, and perhaps what its customer says of it."""
    ref, topic, owner = _SIGNER.ref(f"W{week}N{number}"), dice.choice(TOPICS), dice.choice(OWNERS)
    opened = START + week * WEEK + dice.random() * WEEK
    planted = week == PLANTED
    hours = dice.expovariate(1 / (24.0 if planted and topic == SLOW else 4.0))
    broken = dice.random() < (0.45 if planted and owner == LATE else 0.1)
    letter = ANNOYING if planted and topic == "refund" else f"en/{topic} a1"
    rows: dict[str, dict[str, Any]] = {
        "ticket": {
            "ref": ref, "thread": ref, "status": "resolved", "participants": [], "topic": topic, "owner": owner,
            "opened": opened, "changed": opened, "responded": opened + timedelta(hours=hours),
            "resolved": opened + timedelta(hours=3 * hours),
        },
        "promise": {
            "mail_id": ref, "kind": "respond", "ticket": ref, "given": opened, "due": opened + timedelta(hours=8),
            "kept": None if broken else opened, "state": "broken" if broken else "kept",
        },
    }  # fmt: skip
    if dice.random() < 0.6:
        mood = 0.9 - 0.3 * broken - 0.15 * (hours > 12) - 0.65 * (letter == ANNOYING)
        score = dice.choice((4, 5)) if dice.random() < mood else dice.choice((1, 2, 3))
        asked = {"id": f"{ref}:csat", "kind": "csat", "ticket": ref, "thread": ref, "mail_id": ref, "customer": "c"}
        more = {"language": "en", "template": letter, "owner": owner, "topic": topic, "complaint": True}
        rows["survey"] = {**asked, **more, "created": opened, "sent": opened, "state": "answered"}
        rows["survey_answer"] = {"survey": f"{ref}:csat", "at": opened, "score": score, "channel": "link"}
    return rows


def with_mails(rows: Rows) -> Rows:
    """The mails that opened the tickets, in place of all others: so that each case can be looked at."""
    opened = {row["ref"]: row for row in rows["ticket"]}
    letters = {row["mail_id"]: row["template"] for row in rows["survey"]}
    made = mails(len(opened), START, "other", topic_sure=True)
    for mail, (ref, ticket) in zip(made, opened.items(), strict=True):
        topic = ticket["topic"]
        mail.update(id=ref, thread=ref, content_hash=ref, ticket=ref, received=ticket["opened"], topic=topic)
        ticket["subject"] = f"About my {topic}"
        mail.update(subject=ticket["subject"], sender="eve@example.org", customer="eve@example.org", complaint=True)
        mail.update(text="Please help.", decision={"template": letters.get(ref, "")})
    return {**rows, "mail": made}
