"""By what figures are split and narrowed: where mails, tickets, promises and surveys say their topic, owner and so on.

What is not known is null, however a table says that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Boolean, ColumnElement, FromClause, and_, func

from pipeline.store import schema

mail, ticket, promise, effect, survey = schema.mail, schema.ticket, schema.promise, schema.effect, schema.survey
SPLITS = ("topic", "owner", "language", "template", "complaint")
Key = str | bool | None
Only = Mapping[str, Key]  # of SPLITS, each with the value that is wanted
EVERYTHING: Only = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """Rows to count."""

    key: tuple[ColumnElement[object], ...]  # the column to split by, named `split`; none for none
    source: FromClause  # the tables that are needed
    wanted: tuple[ColumnElement[bool], ...]  # the conditions that narrow them


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where the rows of a table say what they may be split by."""

    table: FromClause
    columns: Mapping[str, ColumnElement[object]]
    joins: Mapping[str, tuple[FromClause, ColumnElement[bool]]] = field(default_factory=dict)  # where others say it

    def cut(self, by: str = "", only: Only = EVERYTHING) -> Cut:
        """Split by one of SPLITS ('' is not at all), and narrowed."""
        source, joined = self.table, set[str]()
        for name in filter(None, (by, *only)):
            if name not in self.joins or (other := self.joins[name])[0].description in joined:
                continue
            source = source.outerjoin(*other)
            joined.add(other[0].description)
        wanted = tuple(_is(_known(self.columns[name]), value) for name, value in only.items())
        return Cut(key=(_known(self.columns[by]).label("split"),) if by else (), source=source, wanted=wanted)


def _known(column: ColumnElement[object]) -> ColumnElement[object]:
    return column if isinstance(column.type, Boolean) else func.nullif(column, "")


def _is(column: ColumnElement[object], value: Key) -> ColumnElement[bool]:
    return column.is_(value) if value is None or isinstance(value, bool) else column == value


def _sent_about(mail_id: ColumnElement[str]) -> tuple[FromClause, ColumnElement[bool]]:
    """The acknowledgement of this mail, once it is out; in the words of its index."""
    return effect, and_(effect.c.mail_id == mail_id, schema.sent_letter)


_OF_MAIL = mail, mail.c.id == promise.c.mail_id
MAILS = Origin(
    table=mail,
    columns={name: mail.c[name] for name in ("topic", "language", "complaint")}
    | {"owner": ticket.c.owner, "template": effect.c.letter},
    joins={"owner": (ticket, ticket.c.ref == mail.c.ticket), "template": _sent_about(mail.c.id)},
)
TICKETS = Origin(
    table=ticket,
    columns={name: ticket.c[name] for name in ("topic", "owner", "language", "complaint")}
    | {"template": effect.c.letter},
    joins={"template": _sent_about(ticket.c.ref)},
)
PROMISES = Origin(
    table=promise,
    columns=MAILS.columns,
    joins=dict.fromkeys(("topic", "language", "complaint"), _OF_MAIL)
    | {"owner": (ticket, ticket.c.ref == promise.c.ticket), "template": _sent_about(promise.c.mail_id)},
)
SURVEYS = Origin(table=survey, columns={name: survey.c[name] for name in SPLITS})
