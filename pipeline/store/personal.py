"""The register of personal data in the database: every column of every table, why it is there, for how long, and what
erasing a person does with it. `privacy export`, `privacy erase`, `privacy purge` and docs/privacy.md are made from it;
a test fails when a column is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Table

from pipeline.records.personal import Fate, KeptFor
from pipeline.store import (
    schema,
    schema_agenda,
    schema_desk,
    schema_drafts,
    schema_privacy,
    schema_relabelled,
    schema_search,
    schema_settings,
    schema_shared,
    schema_texts,
    schema_workers,
)


class Whose(StrEnum):
    """By what a row is found to be somebody's."""

    MAIL = "mail"  # the id of a mail of theirs
    TICKET = "ticket"  # the reference of a ticket of theirs
    THREAD = "thread"  # the id of a conversation of theirs
    CUSTOMER = "customer"  # their folded address
    SURVEY = "survey"  # the id of a question that they were asked
    DRAFT = "draft"  # the id of an answer that was begun for them
    SOURCE = "source"  # a mail or a comment of theirs, as search calls it
    NOBODY = "nobody"  # no row of it is a customer's


@dataclass(frozen=True, kw_only=True)
class TableEntry:
    """A table: its purpose, its clock, whose its rows are, and the fate of each column."""

    table: Table
    purpose: str
    clock: KeptFor
    whose: tuple[tuple[str, Whose], ...] = ()  # a column and what it names: any of them makes the row theirs
    staff: bool = False  # what it holds is about our own people: see docs/privacy.md
    fates: dict[str, Fate] = field(default_factory=dict)

    def columns(self, fate: Fate) -> list[Column[Any]]:  # Any: columns of many types
        """Those with this fate."""
        return [self.table.c[name] for name, its in self.fates.items() if its is fate]


def entries() -> tuple[TableEntry, ...]:
    """All tables, those first whose rows are found through others."""
    return _ENTRIES


def entry_of(table: Table) -> TableEntry:
    """The one of this table."""
    return next(one for one in _ENTRIES if one.table is table)


def _entry(
    table: Table,
    purpose: str,
    clock: KeptFor,
    *,
    whose: str = "",
    staff: bool = False,
    **names: str,
) -> TableEntry:
    """`whose`: "column=what …"; `names`: for each fate the columns that have it, in one string. The word `others`
    stands for all columns that no other fate names."""
    fates: dict[str, Fate] = {}
    for fate, listed in names.items():
        for name in listed.split():
            if name != "others":
                fates[table.c[name].name] = Fate[fate.upper()]
    for fate, listed in names.items():
        if "others" in listed.split():
            fates |= {column.name: Fate[fate.upper()] for column in table.c if column.name not in fates}
    found = [one.split("=") for one in whose.split()]
    return TableEntry(
        table=table,
        purpose=purpose,
        clock=clock,
        whose=tuple((column, Whose(what)) for column, what in found),
        staff=staff,
        fates=fates,
    )


_OF_MAIL = (
    _entry(
        schema.raw,
        "to read a mail again when reading it is mended, and to show it as it came",
        KeptFor.RAW,
        whose="mail_id=mail",
        removed="mail_id raw size",
    ),
    _entry(
        schema.mail,
        "to answer it, to know that it was answered, and what the machine made of it",
        KeptFor.MAIL,
        whose="id=mail",
        emptied="message_id sender sender_name subject text attachments notes reasons rules decision error",
        named_anew="customer",
        kept="id content_hash thread ticket possibly_about mailbox sent received recorded language verdict topic"
        " topic_confidence topic_sure sentiment sentiment_confidence sentiment_sure complaint complaint_confidence"
        " complaint_sure complaint_suspected model acknowledge only_recorded parked closed review robot by_staff"
        " quieted labelled erased",
    ),
    _entry(
        schema.location,
        "to know which mails of a mailbox were read",
        KeptFor.NEEDED,
        whose="mail_id=mail",
        kept="mailbox uidvalidity uid mail_id received",
    ),
    _entry(
        schema.undelivered,
        "to ask again for mails that their server would not give out",
        KeptFor.NEEDED,
        searched="why",
        kept="mailbox uidvalidity uid since tries waited last_try next_try",
    ),
    _entry(
        schema.effect,
        "to do once what was decided: letters, marks, entries in trackers",
        KeptFor.MAIL,
        whose="mail_id=mail ticket=ticket",
        emptied="recipient details error",
        kept="key mail_id kind state attempts next_try created changed message_id location ticket promised letter"
        " claimed_by",
    ),
    _entry(
        schema.acknowledgement,
        "to write no more often than [guard] allows",
        KeptFor.MAIL,
        whose="mail_id=mail sender=customer",
        emptied="domain subject",
        named_anew="sender",
        kept="mail_id at thread budget",
    ),
    _entry(
        schema.participant,
        "to know who belongs to a conversation",
        KeptFor.MAIL,
        whose="address=customer thread=thread",
        removed="thread address",
    ),
    _entry(
        schema.bounce,
        "to write to no address that is dead",
        KeptFor.NEEDED,
        whose="address=customer",
        keyed="address",
        kept="at status mail_id",
    ),
    _entry(
        schema_relabelled.relabelled,
        "what the model in use says of past mail, for figures",
        KeptFor.MAIL,
        whose="mail_id=mail",
        kept="mail_id version topic topic_confidence topic_sure sentiment sentiment_confidence sentiment_sure complaint"
        " complaint_confidence complaint_sure at",
    ),
    _entry(
        schema_search.search_waiting,
        "to find what was written",
        KeptFor.MAIL,
        whose="source=source",
        removed="source turn received",
    ),
    _entry(
        schema_search.search_row,
        "to find what was written; its words lie in search_word",
        KeptFor.MAIL,
        whose="source=source",
        removed="place source",
    ),
)

_OF_TICKETS = (
    _entry(
        schema.ticket_event,
        "what happened to a complaint or a question, for those who solve it and for its customer",
        KeptFor.TICKET,
        whose="ticket=ticket",
        emptied="detail",
        searched="actor",
        kept="id ticket at kind mail_id public",
    ),
    _entry(
        schema.ticket_link,
        "which tickets have to do with each other",
        KeptFor.TICKET,
        whose="ticket=ticket other=ticket",
        emptied="why",
        kept="ticket other at actor",
    ),
    _entry(
        schema.grant,
        "to offer no more than [grants] allows",
        KeptFor.TICKET,
        whose="mail_id=mail ticket=ticket customer=customer",
        named_anew="customer",
        kept="mail_id name ticket at",
    ),
    _entry(
        schema.promise,
        "to keep what customers were promised, and to measure it",
        KeptFor.TICKET,
        whose="mail_id=mail ticket=ticket",
        kept="mail_id kind number ticket given due kept kept_by state told warned look",
    ),
    _entry(
        schema.article_offer,
        "whether a help page helped",
        KeptFor.TICKET,
        whose="mail_id=mail thread=thread",
        kept="mail_id article language thread at wrote_again",
    ),
    _entry(
        schema_drafts.draft_file,
        "files that go with an answer",
        KeptFor.USE,
        whose="draft=draft",
        removed="id draft place name type size data over",
    ),
    _entry(
        schema_drafts.draft,
        "answers that are not finished",
        KeptFor.USE,
        whose="ticket=ticket",
        removed="id ticket author text subject cc then beside version changed",
    ),
    _entry(
        schema.ticket,
        "complaints and questions that people solve",
        KeptFor.TICKET,
        whose="ref=ticket",
        emptied="customer customer_name participants subject url seen",
        named_anew="folded",
        kept="ref thread status topic sentiment complaint to_check language owner opened changed respond_by resolve_by"
        " responded resolved tracker outside_id project priority checklist polled compared moved told_status asked"
        " answered warned notices unproven erased",
    ),
)

_OF_SURVEYS = (
    _entry(
        schema.survey_answer,
        "to measure whether customers are satisfied",
        KeptFor.ANSWERS,
        whose="survey=survey",
        emptied="text",
        kept="id survey at score sentiment sentiment_confidence channel mail_id",
    ),
    _entry(
        schema.survey,
        "to ask a customer once, and to count what was said",
        KeptFor.ANSWERS,
        whose="id=survey mail_id=mail ticket=ticket customer=customer",
        named_anew="customer",
        kept="id kind state created sent expires ticket thread mail_id topic owner language template complaint erased",
    ),
    _entry(
        schema.opt_out,
        "to ask nobody who does not want it",
        KeptFor.NEEDED,
        whose="address=customer",
        keyed="address",
        kept="at",
    ),
)

_OF_THE_DESK = (
    _entry(schema_desk.account, "who may sign in", KeptFor.USE, staff=True, kept="others"),
    _entry(schema_desk.session, "browsers that are signed in", KeptFor.USE, staff=True, kept="others"),
    _entry(schema_desk.invitation, "links to choose a password", KeptFor.USE, staff=True, kept="others"),
    _entry(schema_desk.refusal, "wrong passwords, to slow down who guesses", KeptFor.LOGS, staff=True, kept="others"),
    _entry(
        schema_desk.audit,
        "who did what at the desk",
        KeptFor.LOGS,
        staff=True,
        searched="subject before after",
        kept="others",
    ),
    _entry(
        schema_settings.setting_version,
        "who changed what in config.toml at the desk",
        KeptFor.USE,
        staff=True,
        searched="why before after",
        kept="others",
    ),
    _entry(
        schema_agenda.saved_view,
        "filters that people have named",
        KeptFor.USE,
        staff=True,
        searched="query",
        kept="others",
    ),
    _entry(schema_agenda.presence, "who has a case before them", KeptFor.USE, staff=True, kept="others"),
    _entry(
        schema_agenda.batch,
        "to undo what was done to many cases",
        KeptFor.LOGS,
        staff=True,
        searched="done",
        kept="others",
    ),
    _entry(
        schema_texts.text_draft,
        "what people have typed into letters and not saved",
        KeptFor.USE,
        staff=True,
        searched="parts why",
        kept="others",
    ),
    _entry(
        schema_texts.text_version,
        "who changed a letter, when and why",
        KeptFor.USE,
        staff=True,
        searched="why",
        kept="others",
    ),
    _entry(schema_privacy.erasure, "who was erased, without saying who", KeptFor.NEEDED, kept="others"),
    _entry(
        schema_privacy.hold,
        "what must be kept though its time is over, or its customer asks",
        KeptFor.NEEDED,
        whose="what=ticket what=customer",
        kept="others",
    ),
)

_OF_THE_MACHINE = (
    _entry(schema.mailbox, "how far each mailbox is read", KeptFor.NEEDED, kept="others"),
    _entry(schema.health, "how the last passes went", KeptFor.USE, searched="error", kept="others"),
    _entry(
        schema.drift, "how mail compares with what the model learnt from", KeptFor.MAIL, searched="facts", kept="others"
    ),
    _entry(
        schema.confirmation,
        "whether the machine is right when it is sure",
        KeptFor.TRAINING,
        whose="mail_id=mail",
        kept="others",
    ),
    _entry(schema.announcement, "known problems that letters tell of", KeptFor.USE, searched="texts", kept="others"),
    _entry(schema.template_source, "letters, as they were sent", KeptFor.USE, kept="others"),
    _entry(schema.template_version, "letters, as they were sent", KeptFor.USE, kept="others"),
    _entry(schema_shared.shared_file, "letters and models for all machines", KeptFor.USE, kept="others"),
    _entry(schema_workers.worker, "who works on the database", KeptFor.USE, kept="others"),
    _entry(schema_workers.works_with, "which programs can work with it", KeptFor.USE, kept="others"),
    _entry(schema_workers.lease, "what one worker does at a time", KeptFor.USE, kept="others"),
    _entry(schema_workers.portion, "portions of a backlog", KeptFor.USE, kept="others"),
    _entry(schema_workers.letters_taken, "what was taken of [smtp] limit", KeptFor.USE, kept="others"),
)

_ENTRIES = (*_OF_MAIL, *_OF_TICKETS, *_OF_SURVEYS, *_OF_THE_DESK, *_OF_THE_MACHINE)
