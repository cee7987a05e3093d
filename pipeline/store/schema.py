"""The tables. A change here needs a migration beside it (`store/migrations/versions`)."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Computed,
    DateTime,
    Dialect,
    Float,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    and_,
    false,
    literal_column,
    or_,
    text,
    true,
)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC. SQLite knows no time zones and would hand back naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database, in UTC. Raises ValueError for a time without zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()
Counter = BigInteger().with_variant(Integer, "sqlite")


def words(name: str, *, index: bool | None = None) -> Column[str]:
    """A text that is '' where there is none."""
    return Column(name, Text, nullable=False, server_default="", index=index)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("false"))


mail = Table(
    "mail",
    metadata,
    Column("id", Text, primary_key=True),  # its reference, as the customer knows it
    Column("content_hash", Text, nullable=False, unique=True),
    words("message_id"),
    Column("thread", Text, nullable=False),  # id of the mail that began the conversation
    words("ticket", index=True),
    words("possibly_about"),  # a ticket that weak evidence points to
    words("mailbox"),
    words("sender"),
    words("sender_name"),
    words("customer"),  # folded address an answer goes to
    words("subject"),
    Column("sent", Moment),
    Column("received", Moment, nullable=False),
    Column("recorded", Moment, nullable=False),
    words("text"),
    words("language"),
    Column("attachments", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    words("verdict"),
    Column("reasons", JSON, nullable=False),
    Column("rules", JSON, nullable=False),
    Column("topic", Text),
    Column("topic_confidence", Float),
    _flag("topic_sure"),
    Column("sentiment", Text),
    Column("sentiment_confidence", Float),
    _flag("sentiment_sure"),
    Column("complaint", Boolean),
    Column("complaint_confidence", Float),
    _flag("complaint_sure"),
    _flag("complaint_suspected"),
    words("model"),
    Column("decision", JSON, nullable=False),
    _flag("acknowledge"),  # an acknowledgement was decided on
    _flag("only_recorded"),  # found at the first run, or too old
    _flag("parked"),
    words("closed"),  # how a parked mail was settled: released, discarded
    _flag("review"),  # the machine was unsure: on the review list
    words("error"),
    _flag("robot"),  # a machine wrote it, or one of us: no words of a customer
    _flag("by_staff"),  # one of us answered the customer from a mail program: it is no mail to us, and not counted
    _flag("quieted"),  # weak rules silenced it though it reads like a person
    _flag("labelled"),  # a person has said what it is: `labelled` in the decision
    Column("erased", Moment),  # when it was emptied: on request, or as its time was over
)
# Here the conditions of indexes are in SQLite's name alone. The migrations make the same on PostgreSQL; to name that
# here would load SQLAlchemy's dialect for it with each command.
Index("mail_named", mail.c.message_id, mail.c.customer)
Index("mail_quieted", mail.c.received, sqlite_where=mail.c.quieted)
# Metrics are counted in these without touching the rows, which are long.
Index(
    "mail_counted",
    *(mail.c[name] for name in "received only_recorded acknowledge verdict parked robot by_staff topic_sure".split()),
    *(mail.c[name] for name in ("complaint", "complaint_sure", "topic", "language", "ticket", "id")),
)
Index("mail_thread", *(mail.c[name] for name in "thread received robot sentiment sentiment_confidence".split()))
# Conditions of partial indexes that queries repeat. No parameters in them: SQLite compares the words.
labelled_mail = mail.c.labelled.is_(true())
Index("mail_labelled", mail.c.received, sqlite_where=labelled_mail)
further_mail = mail.c.id != mail.c.thread  # it did not begin its conversation
Index(
    "mail_further",
    *(mail.c[name] for name in ("received", "thread", "id", "robot")),
    sqlite_where=further_mail,
)

unerased_mail = mail.c.erased.is_(None)
Index(
    "mail_unerased",
    *(mail.c[name] for name in ("received", "id", "ticket", "thread", "customer")),
    sqlite_where=unerased_mail,
)

raw = Table(
    "raw",
    metadata,
    Column("mail_id", Text, primary_key=True),
    Column("raw", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),  # of the whole message; `raw` holds less when it is very large
)

location = Table(
    "location",
    metadata,
    Column("mailbox", Text, nullable=False),
    Column("uidvalidity", Counter, nullable=False),
    Column("uid", Counter, nullable=False),
    Column("mail_id", Text, nullable=False, index=True),
    Column("received", Moment, nullable=False),
    PrimaryKeyConstraint("mailbox", "uidvalidity", "uid"),
)

mailbox = Table(
    "mailbox",
    metadata,
    Column("name", Text, primary_key=True),
    Column("uidvalidity", Counter, nullable=False),
    Column("next_uid", Counter, nullable=False),
    Column("first_uidnext", Counter, nullable=False),
    # After a restore: UIDs below it may have been answered without this database knowing; -1: how far is not known yet.
    Column("doubtful_uidnext", Counter, nullable=False, server_default="0"),
)

# Mails that their server would not give out: not read, asked for again, parked in the end.
undelivered = Table(
    "undelivered",
    metadata,
    Column("mailbox", Text, nullable=False),
    Column("uidvalidity", Counter, nullable=False),
    Column("uid", Counter, nullable=False),
    Column("since", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("waited", Integer, nullable=False),  # seconds for which it was asked for while its server answered
    Column("last_try", Moment, nullable=False),
    Column("next_try", Moment, nullable=False),
    words("why"),
    PrimaryKeyConstraint("mailbox", "uidvalidity", "uid"),
)

# How the last pass over each mailbox and the outbox went, also when nothing could be read.
health = Table(
    "health",
    metadata,
    Column("name", Text, primary_key=True),  # "mailbox.support", "smtp", "reconcile" …; "backup": it is a copy
    Column("last_pass", Moment),
    words("error"),
    Column("since", Moment),
)

# "en/complaint 1a2b3c4d5e6f": language, name and version of the letter that an effect has sent; null before.
LETTER_ON_SQLITE = (
    "json_extract(details, '$.sent_language') || '/' || json_extract(details, '$.sent_template')"
    " || ' ' || json_extract(details, '$.sent_version')"
)
LETTER_ON_POSTGRESQL = (
    "(details ->> 'sent_language') || '/' || (details ->> 'sent_template') || ' ' || (details ->> 'sent_version')"
)

effect = Table(
    "effect",
    metadata,
    Column("key", Text, primary_key=True),
    Column("mail_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try", Moment),
    Column("created", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    words("error"),
    words("message_id", index=True),
    words("recipient"),
    Column("location", JSON),
    words("ticket"),  # filings: of which ticket
    Column("promised", Moment),  # the time that its letter names; without one, when it was journalled
    Column("details", JSON, nullable=False),
    Column("letter", Text, Computed(LETTER_ON_SQLITE)),  # on PostgreSQL the same in its own words
    words("claimed_by"),  # the worker that has it in hand, or had it last; '' where one process works
)
_finished: list[ColumnElement[str]] = [literal_column("'done'"), literal_column("'cancelled'")]


def unfinished_in(table: FromClause) -> ColumnElement[bool]:
    """Of the table `effect`, or an alias of it: something is still to be done, or was not."""
    return table.c.state.not_in(_finished)


unfinished = unfinished_in(effect)
Index(
    "effect_unfinished",
    *(effect.c[name] for name in ("kind", "state", "next_try", "created")),
    sqlite_where=unfinished,
)
# Which letter an acknowledgement was: found without a look at the rows, which are long. No parameters, as above.
sent_letter = and_(effect.c.kind == literal_column("'acknowledge'"), effect.c.letter.is_not(None))
Index("effect_letter", effect.c.mail_id, effect.c.letter, sqlite_where=sent_letter)
waiting = effect.c.state == literal_column("'waiting'")
Index(
    "effect_waiting",
    *(effect.c[name] for name in ("kind", "promised", "created")),
    sqlite_where=waiting,
)


def open_filing(table: FromClause) -> ColumnElement[bool]:
    """Of the table `effect`, or an alias of it: what is to be filed in a tracker, or failed there."""
    return and_(table.c.kind == literal_column("'file'"), table.c.state.not_in(_finished))


_filing = open_filing(effect)
Index("effect_filing", effect.c.ticket, effect.c.created, sqlite_where=_filing)

# Acknowledgements as the windows of [guard] count them.
acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("mail_id", Text, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("sender", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("thread", Text, nullable=False, index=True),
    Column("subject", Text, nullable=False),
    Column("budget", Text, nullable=False, server_default="new"),  # of limit_system; see past.budget_of
    Index("acknowledgement_sender", "sender", "at"),
    Index("acknowledgement_domain", "domain", "at"),
)

# Who takes part in a conversation beside its customer: whom the customer or staff wrote to, or sent a copy.
participant = Table(
    "participant",
    metadata,
    Column("thread", Text, nullable=False),
    Column("address", Text, nullable=False),  # folded
    PrimaryKeyConstraint("thread", "address"),
)

bounce = Table(
    "bounce",
    metadata,
    Column("address", Text, primary_key=True),  # folded
    Column("at", Moment, nullable=False),
    words("status"),
    words("mail_id"),  # the report that told us, '' when the server refused it while we sent
)

# How the mail compares with what the model learnt from, a row a day.
drift = Table(
    "drift",
    metadata,
    Column("at", Moment, primary_key=True),
    words("model"),
    Column("facts", JSON, nullable=False),
    Index("drift_model", "model", "at"),
)

ticket = Table(
    "ticket",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("thread", Text, nullable=False, index=True),
    Column("status", Text, nullable=False, index=True),
    words("customer"),
    words("customer_name"),
    Column("participants", JSON, nullable=False),
    words("subject"),
    words("topic"),
    words("sentiment"),
    _flag("complaint"),
    _flag("to_check"),
    words("language"),
    words("owner"),
    Column("opened", Moment, nullable=False, index=True),
    Column("changed", Moment, nullable=False),
    Column("respond_by", Moment),
    Column("resolve_by", Moment),
    Column("responded", Moment),  # when a person first did something about it
    Column("resolved", Moment),  # since when it is resolved or closed, null while it is not
    words("tracker"),  # board, or the name of an outside one
    words("url"),
    words("outside_id"),  # in that tracker; '' not filed yet
    words("project"),  # there; '' the tracker's own
    Column("priority", Text, nullable=False, server_default="normal"),
    Column("checklist", JSON, nullable=False, server_default="[]"),
    Column("seen", JSON, nullable=False, server_default="{}"),  # how it stood there when we last looked
    Column("polled", Moment),  # when that was
    words("folded"),  # the customer's address, folded
    _flag("compared"),  # looked for earlier tickets of this customer about this topic
    Column("moved", Moment),  # since when something has changed that the customer does not know
    words("told_status"),  # what they were last told
    words("asked"),  # the mail in which they wanted to know how it stands
    Column("answered", Moment),  # when they were last told
    Column("warned", Moment),  # when they were told that it will be closed
    Column("notices", Integer, nullable=False, server_default="0"),  # mails about it beside acknowledgements
    _flag("unproven"),  # nobody knows whose the customer's address is: letters repeat nothing that was written
    Column("erased", Moment),  # as of a mail
)
Index("ticket_resolved", ticket.c.resolved)
mirrored = ticket.c.outside_id != literal_column("''")
Index("ticket_mirrored", ticket.c.tracker, ticket.c.polled, sqlite_where=mirrored)
Index("ticket_outside", ticket.c.outside_id, sqlite_where=mirrored)

news = or_(ticket.c.moved.is_not(None), ticket.c.asked != "")  # the customer is to hear of it
Index("ticket_news", ticket.c.changed, sqlite_where=news)
uncompared = ticket.c.compared.is_(false())
Index("ticket_uncompared", ticket.c.opened, sqlite_where=uncompared)
# Its words are there, or may come again: it was opened anew, or never emptied.
unerased_ticket = or_(ticket.c.erased.is_(None), ticket.c.resolved.is_(None), ticket.c.erased < ticket.c.resolved)
Index("ticket_unerased", ticket.c.resolved, ticket.c.ref, sqlite_where=unerased_ticket)
Index("ticket_folded", ticket.c.folded, ticket.c.topic, ticket.c.opened)

# Tickets that have to do with each other; each pair once, the later one first.
ticket_link = Table(
    "ticket_link",
    metadata,
    Column("ticket", Text, nullable=False),
    Column("other", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    words("actor"),
    words("why"),
    PrimaryKeyConstraint("ticket", "other"),
)

# Times given to customers in acknowledgements, watched until they are kept.
promise = Table(
    "promise",
    metadata,
    Column("mail_id", Text, nullable=False),  # the mail in answer to which it was given
    Column("kind", Text, nullable=False),  # respond, resolve
    Column("number", Integer, nullable=False, server_default="0"),  # how often it was renewed before
    words("ticket", index=True),
    Column("given", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("kept", Moment),
    words("kept_by"),  # who
    Column("state", Text, nullable=False),  # open, kept, renewed, held, broken, dropped
    Column("told", Moment),  # when its owner was told that it is due soon
    Column("warned", Moment),  # when the customer was told that it will be late, without a new time
    Column("look", Moment),  # when there is something to be done about it; null: to be found out
    PrimaryKeyConstraint("mail_id", "kind", "number"),
)
_watched = promise.c.state == "open"
Index("promise_open", promise.c.due, sqlite_where=_watched)
Index("promise_given", promise.c.kind, promise.c.state, promise.c.given)

# Known problems that letters tell of while they last.
announcement = Table(
    "announcement",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    words("topic"),  # '' for every letter
    Column("texts", JSON, nullable=False),  # by language
    Column("since", Moment, nullable=False),
    Column("until", Moment),  # when it ends by itself
    Column("ended", Moment),  # when a person has ended it
    words("author"),
    Column("spoken", JSON, nullable=False, server_default="{}"),  # languages that were added later, and since when
)

# What people said of mails that the machine was sure of, or would be. No mail of the ledger is needed to read it.
confirmation = Table(
    "confirmation",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("mail_id", Text, nullable=False),
    Column("head", Text, nullable=False),
    Column("model", Text, nullable=False),  # version that was asked
    Column("floor", Float, nullable=False),  # drawn from mails of at least this confidence
    Column("confidence", Float, nullable=False),
    words("said"),  # by the version
    words("truth"),  # by the person; '' for none of the labels there are
    Column("at", Moment, nullable=False),
    words("by"),
    _flag("random"),  # drawn by lot: only such answers count
    Index("confirmation_once", "model", "head", "mail_id", unique=True),
)

# What customers were offered, as the limits of [grants] count it.
grant = Table(
    "grant",
    metadata,
    Column("mail_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("customer", Text, nullable=False),  # folded address
    Column("ticket", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("mail_id", "name"),
    Index("grant_customer", "customer", "at"),
)

# Help pages offered to customers, and whether they had to write again all the same.
article_offer = Table(
    "article_offer",
    metadata,
    Column("mail_id", Text, nullable=False),
    Column("article", Text, nullable=False, index=True),
    Column("language", Text, nullable=False),
    Column("thread", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("wrote_again", Moment),
    PrimaryKeyConstraint("mail_id", "article"),
)

# The files of the letters, each text once.
template_source = Table(
    "template_source",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("source", Text, nullable=False),
)

# Every version of a letter that a worker took into use or sent.
template_version = Table(
    "template_version",
    metadata,
    Column("language", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),  # hash of the files it is made of
    Column("files", JSON(none_as_null=True)),  # file → hash in template_source; null: only its sending is known
    Column("first_used", Moment, nullable=False),
    Column("taken_up", Moment),  # the last time; the newest one of a letter is in use
    Column("last_sent", Moment),
    Column("sent", Integer, nullable=False, server_default="0"),  # mails
    PrimaryKeyConstraint("language", "name", "version"),
)

ticket_event = Table(
    "ticket_event",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("ticket", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column(
        "kind", Text, nullable=False
    ),  # opened, mail, note, bounced, offered, comment, status, assigned, priority, corrected, answered, filed, outside
    # and of following up: told, escalated, broken, quiet, linked
    words("actor"),
    words("mail_id"),
    words("detail"),
    _flag("public"),  # said to the customer
)

# What customers are asked, with what it is about, so that it can be counted without looking further.
survey = Table(
    "survey",
    metadata,
    Column("id", Text, primary_key=True),  # ticket and kind: asked once
    Column("kind", Text, nullable=False),  # nps, ces, csat, outcome, treatment
    Column("state", Text, nullable=False),  # intended, sent, answered, expired
    Column("created", Moment, nullable=False, index=True),
    Column("sent", Moment),  # null: not yet, or answered without having been sent
    Column("expires", Moment),
    words("ticket"),
    words("thread", index=True),
    words("mail_id"),  # the mail whose acknowledgement the customer had
    words("customer"),  # folded address
    words("topic"),
    words("owner"),
    words("language"),
    words("template"),  # of that acknowledgement, with its version: "en/neutral 1a2b3c4d"
    _flag("complaint"),
    Column("erased", Moment),  # as of a mail
    Index("survey_customer", "customer", "created"),
    Index("survey_asked", "state", "expires"),
)
unerased_survey = survey.c.erased.is_(None)
Index("survey_unerased", survey.c.created, survey.c.id, sqlite_where=unerased_survey)

# Every answer that was given; the last one counts.
survey_answer = Table(
    "survey_answer",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("survey", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("score", Integer),
    words("text"),
    Column("sentiment", Text),  # of the text, by our own model
    Column("sentiment_confidence", Float),
    Column("channel", Text, nullable=False),  # link, mail, record
    words("mail_id"),  # the mail that it came in
    Index("survey_answer_newest", "survey", "at"),
)

# Who does not want to be asked.
opt_out = Table(
    "opt_out",
    metadata,
    Column("address", Text, primary_key=True),  # folded
    Column("at", Moment, nullable=False),
)
