"""How long one acknowledgement takes from its values to the bytes that are sent, text and HTML part and all headers.

`python -m bench.letters [LETTERS]`: every letter is for another customer, subject and time. In the same run, block by
block, the standard library's EmailMessage puts the same rendered letter together: that is what the ratio is to.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from pipeline.config.load import check
from pipeline.letter.message import compose
from pipeline.letter.values import values
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.letter import Letter
from pipeline.records.payload import AcknowledgementPayload
from pipeline.replies.letters import TemplateLetters
from tests.samples import NOON, table

ROOT = Path(__file__).parent.parent
NAMES = ("Eve Miller", "Jürgen Weiß", "", "Aino Mäkelä", "Zoë O'Brien")
SUBJECTS = ("Where is my parcel?", "Rechnung für Oktober", "Re: Ma commande nº 4711", "Missä lähetykseni on?")
BLOCK = 100  # letters in a row by one way, then by the other
WARM_UP = 100  # the first letters compile their templates and load the names of days

letters = TemplateLetters(ROOT / "templates", "en")
config = check(table(), ROOT / "config.toml")


def make_effect(number: int) -> Effect:
    """The effect of an invented mail."""
    at = NOON + timedelta(minutes=7 * number)
    ref = f"{number:04d}-9QTX"
    return Effect(
        key=f"{ref}:acknowledge",
        mail_id=ref,
        kind=EffectKind.ACKNOWLEDGE,
        message_id=f"<{ref.lower()}.ack.0f3a55b1c2d3e4f50617@firstline.example.com>",
        recipient=f"person{number}@example.org",
        payload=AcknowledgementPayload(
            template="neutral",
            language=("en", "de", "fr", "es", "fi")[number % 5],
            ref=ref,
            ticket=True,
            name=NAMES[number % len(NAMES)],
            subject=f"{SUBJECTS[number % len(SUBJECTS)]} ({number})",
            message_id=f"<letter{number}@example.org>",
            references=("<first@example.org>",),
            decided=at,
            respond_by=at + timedelta(hours=5),
            resolve_by=at + timedelta(days=2),
            mailbox="support",
        ),
    )


def render_letter(effect: Effect, now: datetime) -> Letter:
    """The letter of an effect, by the shipped templates."""
    language = effect.letter.language
    return letters.render("neutral", language, values(effect.letter, effect.message_id, config, language, now))


def compose_letter(effect: Effect, letter: Letter, now: datetime) -> bytes:
    """The message of a letter, as we write it."""
    assert config.smtp is not None
    return compose(effect, letter, config.smtp, now).data


def _from_values(effect: Effect, now: datetime) -> bytes:
    return compose_letter(effect, render_letter(effect, now), now)


def compose_by_the_library(effect: Effect, letter: Letter, now: datetime) -> bytes:
    """The same message by the standard library."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "Example Support <support@example.com>"
    message["To"] = effect.recipient
    message["Subject"] = letter.subject
    message["Date"] = now
    message["Message-ID"] = effect.message_id
    message["In-Reply-To"] = effect.letter.message_id
    message["References"] = " ".join([*effect.letter.references, effect.letter.message_id])
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = letter.language
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message.as_bytes()


def main(count: int = 3000) -> None:
    """Prints the time a letter takes, by stage."""
    taken: dict[str, list[float]] = {"values to bytes": [], "compose": [], "EmailMessage": []}
    for first in range(0, WARM_UP + count, BLOCK):
        effects = [make_effect(number) for number in range(first, first + BLOCK)]
        times = [effect.letter.decided + timedelta(seconds=1) for effect in effects]
        whole = [_timed(_from_values, *pair) for pair in _pairs(effects, times)]
        made = [render_letter(effect, now) for effect, now in _pairs(effects, times)]
        assert all(letter.html and not letter.problem for letter in made)
        triples = list(zip(effects, made, times, strict=True))
        if first >= WARM_UP:
            taken["values to bytes"] += whole
            taken["compose"] += [_timed(compose_letter, *triple) for triple in triples]
            taken["EmailMessage"] += [_timed(compose_by_the_library, *triple) for triple in triples]
    medians = {step: statistics.median(each) for step, each in taken.items()}
    for step, each in taken.items():
        print(f"{step}: median {medians[step]:.0f} µs, 95 % {sorted(each)[int(len(each) * 0.95)]:.0f} µs")
    print(f"compose is {medians['EmailMessage'] / medians['compose']:.1f} times as fast as EmailMessage;")
    print(f"rendering and composing take {medians['values to bytes'] / medians['EmailMessage']:.2f} of its time alone")


def _pairs(effects: list[Effect], times: list[datetime]) -> list[tuple[Effect, datetime]]:
    return list(zip(effects, times, strict=True))


def _timed(work: Callable[..., object], *arguments: object) -> float:
    began = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - began) * 1e6


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
