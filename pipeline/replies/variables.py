"""The variables of a letter: the one list that `template variables`, the lint, the preview and the documents go by.

What a letter really gets comes from `acknowledge.values`; a test holds the two together. Plain data only: text, true or
false, and lists of these, so that no object of ours can be reached from a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TEXT, YES_NO, TEXTS, ARTICLES = "text", "true or false", "list of texts", "list of articles"
SCORES = "list of scores"


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One name that a template may use."""

    name: str
    type: str  # TEXT, YES_NO, TEXTS, ARTICLES (each with `title` and `link`) or SCORES
    about: str  # for agents
    sample: object

    @property
    def may_be_empty(self) -> bool:
        """Agents are told so."""
        return self.type == TEXT and "empty" in self.about


def N_(text: str) -> str:  # noqa: N802  (the name that the extractor of the pages' texts knows)
    """Marks a text that the desk translates where it is shown."""
    return text


def _text(name: str, about: str, sample: str) -> Variable:
    return Variable(name=name, type=TEXT, about=about, sample=sample)


_ARTICLE = {"title": "How to follow your parcel", "link": "https://www.example.com/help/track-your-parcel"}

_SCORE = {
    "score": "5",
    "link": "https://support.example.com/q/7K3M-9QTX:csat:5.6a1b2c3d.0f3a55b1c2d3e4f506170f3a55b1c2d3",
}

VARIABLES: tuple[Variable, ...] = (
    _text("name", N_("the customer's name if it looks like one, else empty"), "Eve Miller"),
    _text("subject", N_("their subject, may be empty"), "Where is my parcel?"),
    _text("ref", N_("the reference to quote: the ticket's, else the mail's"), "7K3M-9QTX"),
    Variable(name="ticket", type=YES_NO, about=N_("there is a ticket with that reference"), sample=True),
    _text("topic", N_("the topic that was understood, as in `[topics.NAME] title`"), "your delivery"),
    _text(
        "respond_by",
        N_("the time by which a person answers, in the customer's language"),
        "Tuesday, 24 November, 12:30",
    ),
    _text("respond_date", N_("the day of that time"), "24 November 2026"),
    _text("respond_within", N_("the same as a span of working time: `[topics.NAME] respond_within`"), "4 hours"),
    _text("resolve_by", N_("the time by which it should be solved"), "Friday, 27 November, 12:30"),
    _text("resolve_date", N_("the day of that time"), "27 November 2026"),
    _text("resolve_within", N_("the same as a span of working time"), "24 hours"),
    Variable(name="outside_hours", type=YES_NO, about=N_("nobody is at work when the letter is sent"), sample=False),
    _text("opens", N_("outside working hours: when work begins again; else empty"), ""),
    _text("hours", N_("the opening hours of `[calendar]`"), "Mon–Fri 09:00–17:00"),
    _text("owner", N_("the name in `[topics.NAME] owner`, empty if it contains only an address"), "Anna Virtanen"),
    Variable(
        name="grants",
        type=TEXTS,
        about=N_(
            "what is offered to this customer now, as in `[grants.NAME] title`: one or none; only in complaint letters"
        ),
        sample=["a 10 € voucher"],
    ),
    Variable(
        name="articles",
        type=ARTICLES,
        about=N_("help pages that may answer a question, each with `title` and `link`; never for complaints"),
        sample=[_ARTICLE],
    ),
    Variable(
        name="announcements",
        type=TEXTS,
        about=N_("known problems of this topic that hold while the letter is sent: `firstline announcement add`"),
        sample=["Since this morning parcels to Ireland are late.\nWe expect them to arrive on Thursday."],
    ),
    _text("company", "`[replies] company`", "Example Ltd"),
    _text("signature", "`[replies] signature`", "Your Example support team"),
    _text(
        "token",
        N_("the signed reference; keep it in the footer: a reply is recognised by it even when its headers are lost"),
        "7k3m-9qtx.ack.0f3a55b1c2d3e4f50617",
    ),
    _text(
        "status_link",
        N_("the page where the customer sees the state of the ticket; empty without `[web] url`"),
        "https://support.example.com/s/7K3M-9QTX.6a1b2c3d.0f3a55b1c2d3e4f506170f3a55b1c2d3",
    ),
    Variable(
        name="scores",
        type=SCORES,
        about=N_("`survey-…`: the answers that can be given, each with `score` and `link`; none without `[web] url`"),
        sample=[_SCORE],
    ),
    _text(
        "stop_link",
        N_("`survey-…`: the page where the customer can ask not to be asked again; empty without `[web] url`"),
        "https://support.example.com/stop/7K3M-9QTX:csat.6a1b2c3d.0f3a55b1c2d3e4f506170f3a55b1c2d3",
    ),
    _text(
        "status", N_("the state of the ticket: open, active, waiting (for the customer), resolved or closed"), "active"
    ),
    Variable(
        name="in_hand",
        type=YES_NO,
        about=N_("`still-working`, `status`, `moved`: a person has done something about it; only then say that"),
        sample=True,
    ),
    _text(
        "comment",
        N_(
            "`answer`: what a person writes. `moved`, `status`: what a person wrote with it; may be empty. "
            "`announcement-over`: what the announcement said"
        ),
        "It is on its way.",
    ),
    _text("agent", N_("`answer`: the name of who writes, may be empty"), "Anna Virtanen"),
    _text("due_by", N_("the promised time that was or will be missed, or is due soon"), "Monday, 23 November, 12:30"),
    _text("time_left", N_("to owners: how much working time is left, empty if it is over"), "1 hour"),
    _text("promise", N_("to owners: what was promised, respond or resolve; empty: nothing is due"), "respond"),
    _text("customer_address", N_("to owners: the customer's address"), "eve@example.org"),
    _text("closes_by", N_("`closing-soon`: when the ticket will be closed"), "Monday, 30 November, 09:00"),
)

_HARD: tuple[Mapping[str, object], ...] = (
    {"name": "", "owner": ""},
    {"ticket": False},
    {"subject": ""},
    {"subject": "parcel " * 42 + "parcel"},
    {"subject": "אין לי חבילה עדיין?", "name": "שרה לוי"},
    {"subject": '<a href="https://evil.example">win</a><script>alert(1)</script>', "name": "<b>Eve</b> & Co"},
    {"subject": "{% raw %}{{ ref }}", "topic": "{{ name }}"},
    {"topic": "", "resolve_by": "", "resolve_date": "", "resolve_within": ""},
    {"outside_hours": True, "opens": "Monday, 23 November, 09:00"},
    {"grants": [], "articles": []},
    {"articles": [_ARTICLE, {**_ARTICLE, "title": "How to send something back <free>"}]},
    {"company": "", "signature": ""},
    {"status_link": "", "scores": [], "stop_link": ""},
    {"signature": "Example Ltd"},
    *({"status": status} for status in ("open", "waiting", "resolved", "closed")),
    {"agent": "<b>Anna</b>"},
    {"comment": "", "agent": "", "due_by": "", "time_left": "", "promise": "", "customer_address": "", "closes_by": ""},
    {"promise": "resolve", "comment": "First line.\n\n<b>Second</b> line, " + "long " * 40},
)


def samples() -> dict[str, object]:
    """An ordinary letter's values."""
    return {variable.name: variable.sample for variable in VARIABLES}


def sample_sets() -> tuple[Mapping[str, object], ...]:
    """The ordinary values, and the hard cases: each of them complete."""
    ordinary = samples()
    return (ordinary, *({**ordinary, **hard} for hard in _HARD))
