"""mail: the ledger, and what a person can do with a parked mail."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import bounces
from pipeline.cli import reclassify as reclassifying
from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, print_passages, print_table, print_words
from pipeline.errors import ExitCode, UsageError
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.cli.documents.mails import ComparedDocument, EffectDocument, RuleDocument, WholeMailDocument, Words
    from pipeline.wiring.live_doors import LiveDoors

app = typer.Typer(help="The ledger: every mail, what was decided and why.", no_args_is_help=True)
app.add_typer(bounces.app, name="bounces")
app.command("reclassify")(reclassifying.reclassify)
MailId = Annotated[str, typer.Argument(metavar="ID", help="The mail's reference, as 7K3M-9QTX.")]
LISTED = ("id", "received", "from", "subject", "state", "verdict", "topic", "sentiment", "acknowledged", "ticket")


def id_of(text: str) -> str:
    """What a user typed as the id of a mail, as the ledger has it. Raises UsageError."""
    from pipeline.tokens import normalise_ref

    if ref := normalise_ref(text):
        return ref
    raise UsageError(
        "this is not the id of a mail", where=text, remedy="an id looks like 7K3M-9QTX: `firstline mail list`"
    )


@app.command("list")
def list_mails(
    context: typer.Context,
    state: Annotated[str, typer.Option(help="Only these: pending, done or parked.")] = "",
    effects: Annotated[str, typer.Option(help="Only with an effect in this state: failed, uncertain, waiting …")] = "",
    review: Annotated[bool, typer.Option("--review", help="Only what the machine was unsure of.")] = False,
    silent: Annotated[bool, typer.Option("--silent", help="Only what the guard keeps silent to.")] = False,
    like_a_person: Annotated[
        bool, typer.Option("--reads-like-a-person", help="Only what weak rules silenced though it reads like a person.")
    ] = False,
    limit: Annotated[int, typer.Option(help="At most this many; 0 for all.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Mails, newest first."""
    from pipeline.cli.documents.mails import listed_mail_document
    from pipeline.records.mail import MailState

    if state and state not in [*MailState]:
        raise UsageError(f"there is no state '{state}'", remedy=f"one of {', '.join(MailState)}")
    with doors_of(context) as doors:
        mails = doors.reading.mails(
            state=state, effects=effects, review=review, silent=silent, like_a_person=like_a_person, limit=limit
        )
        rows = (listed_mail_document(mail) for mail in mails)
        if as_json:
            print_jsonl(rows)
            return
        print_table(LISTED, [[{**row}[column] for column in LISTED] for row in rows])


def shown(doors: LiveDoors, mail_id: str) -> WholeMailDocument:
    """One mail whole: the document of `mail show`. Raises NotFoundError."""
    from pipeline.cli.documents.mails import whole_mail_document

    return whole_mail_document(doors.reading.mail(mail_id), doors.effects.of_mail(mail_id))


@app.command()
def show(
    context: typer.Context,
    mail_id: MailId,
    parts: Annotated[
        bool, typer.Option("--parts", help="All of its text, and what each line is: new, quoted, signature …")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """One mail: text, labels, rules that hit, effects."""
    if parts:
        _show_parts(context, id_of(mail_id), as_json=as_json)
        return
    with doors_of(context) as doors:
        document = shown(doors, id_of(mail_id))
    if as_json:
        print_json(document)
        return
    hidden = ("rules", "effects", "text", "decision", "locations", "attachments", "notes")
    print_table(["mail", document["id"]], [(name, value) for name, value in document.items() if name not in hidden])
    print_table(["note"], [(note,) for note in document["notes"]])
    print_table(["rule", "evidence"], [(rule["rule"], rule["evidence"]) for rule in document["rules"] if rule["hit"]])
    _print_effects(document)
    print("\n" + "\n".join(printable_lines(document["text"])))


def _show_parts(context: typer.Context, mail_id: str, *, as_json: bool) -> None:
    from pipeline.cli.documents.mails import in_parts
    from pipeline.desk.rejudge import taken_apart

    with doors_of(context) as doors:
        passages = taken_apart(doors, mail_id)
        if as_json:
            print_json(in_parts(shown(doors, mail_id), passages))
            return
    print_passages(passages)


def printable_lines(text: str) -> list[str]:
    """The first 60 lines of a text, indented, without what would control a terminal."""
    from pipeline.cli.context import printable

    return ["  " + printable(line) for line in text.splitlines()[:60]]


def _print_effects(document: WholeMailDocument) -> None:
    columns = ("kind", "state", "attempts", "next_try", "error", "message_id")
    rows = [[*({**one}[column] for column in columns), _letter_sent(one)] for one in document["effects"]]
    print_table((*columns, "letter"), rows)


def _letter_sent(effect: EffectDocument) -> str:
    """What was sent, as `template history` and `template diff` know it: de/delivery 1a2b3c4d5e6f."""
    if not effect.get("sent_version"):
        return ""
    return f"{effect['sent_language']}/{effect['sent_template']} {effect['sent_version']}"


@app.command()
def explain(context: typer.Context, mail_id: MailId, as_json: AsJson = False) -> None:
    """Every guard rule, the words that decided, the decision and each effect."""
    from pipeline.cli.documents.mails import explained_mail_document
    from pipeline.desk.explain import in_a_sentence

    with doors_of(context) as doors:
        document = shown(doors, id_of(mail_id))
        words = _words(doors, document["id"])
        decided = in_a_sentence(doors.reading.mail(document["id"]))
    if as_json:
        print_json(explained_mail_document(document, words, decided))
        return
    print(f"{document['id']}  {document['subject']}\n{decided}\n")
    print_table(
        ["no", "rule", "hit", "evidence"],
        [(rule["number"], rule["rule"], _hit(rule), rule["evidence"]) for rule in document["rules"]],
    )
    print()
    print_words(words, document)
    print("\ndecision: " + "; ".join(document["decision"]["why"]))
    _print_effects(document)


def _hit(rule: RuleDocument) -> str:
    if rule["hit"] is None:
        return "not judged"
    return "allowed" if rule["allowed"] else "HIT" if rule["hit"] else "-"


def _words(doors: LiveDoors, mail_id: str) -> Words:
    """The features that spoke for the labels, by the model in use now."""
    from pipeline.parse import message

    predictor, _ = doors.predictor_if_any()
    if predictor is None:
        return {}
    raw = doors.reading.raw(mail_id)
    return predictor.explain(message.parse(raw.raw, size=raw.size, forms=doors.config.guard.forms))


@app.command()
def release(context: typer.Context, mail_id: MailId, as_json: AsJson = False) -> None:
    """A parked mail goes on: judged again with the park rules off, and acted upon."""
    from pipeline.decide.words import in_words
    from pipeline.desk import rejudge

    with doors_of(context) as doors:
        judged = rejudge.release(doors, id_of(mail_id))
        done = judged is None or rejudge.act_now(doors)
        document = shown(doors, id_of(mail_id))
    if as_json:
        print_json(document)
        return
    words = in_words(judged) if judged else "its server is asked for it again at the next pass"
    print(f"{document['id']}: {words}" + ("" if done else " (the running Firstline carries it out)"))


@app.command()
def discard(context: typer.Context, mail_id: MailId, as_json: AsJson = False) -> None:
    """Close a parked mail without acknowledgement or ticket."""
    from pipeline.desk import rejudge

    with doors_of(context) as doors:
        rejudge.discard(doors, id_of(mail_id))
        document = shown(doors, id_of(mail_id))
    if as_json:
        print_json(document)
    else:
        print(f"{document['id']}: discarded")


@app.command()
def answered(
    context: typer.Context,
    mail_id: MailId,
    actor: Annotated[str, typer.Option("--as", help="Who has; the name of your login by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say that a person has answered the customer: the promise is kept."""
    with doors_of(context) as doors:
        ref = id_of(mail_id)
        doors.promises.answered(ref, actor or getpass.getuser(), doors.clock.now())
        document = shown(doors, ref)
    if as_json:
        print_json(document)
    else:
        print(f"{ref}: answered")


@app.command()
def label(
    context: typer.Context,
    mail_id: MailId,
    topic: Annotated[str | None, typer.Option(help="What it is about.")] = None,
    sentiment: Annotated[str | None, typer.Option(help="negative, neutral or positive.")] = None,
    complaint: Annotated[str | None, typer.Option(metavar="yes|no", help="Is it a complaint?")] = None,
    actor: Annotated[str, typer.Option("--as", help="Who says so; the name of your login by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say what a mail is: it leaves the review list, and the next training learns it."""
    from pipeline.desk import deeds
    from pipeline.desk import label as labelling

    correction = labelling.correction_of(topic, sentiment, complaint)
    with doors_of(context) as doors:
        done = deeds.name_mail(doors, id_of(mail_id), correction, actor or getpass.getuser())
        document = shown(doors, done.ref)
    if as_json:
        print_json(document)
    else:
        print(f"{done.ref}: {done.now}")


@app.command()
def settle(
    context: typer.Context,
    mail_ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]…", help="Mails; none: all uncertain ones, and with --seen all failed ones, too."),
    ] = None,
    sent: Annotated[bool, typer.Option("--sent", help="It was sent, or somebody has answered instead.")] = False,
    again: Annotated[
        bool, typer.Option("--again", "--resend", help="Send it now, under the same Message-ID, with all tries anew.")
    ] = False,
    seen: Annotated[bool, typer.Option("--seen", help="Nothing more is to be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what becomes of letters that are uncertain, have failed, or wait: `status` no longer complains of them."""
    from pipeline.cli.documents.mails import SettledDocument
    from pipeline.desk import rejudge
    from pipeline.desk import settle as settling
    from pipeline.desk.settle import Word

    words = [word for word, said in ((Word.SENT, sent), (Word.AGAIN, again), (Word.SEEN, seen)) if said]
    if len(words) != 1:
        raise UsageError("what is to become of them?", remedy="say one of --sent, --again and --seen")
    (word,) = words
    with doors_of(context) as doors:
        settled = settling.settle(doors, [id_of(mail_id) for mail_id in mail_ids or []], word)
        if settled and word is Word.AGAIN:
            rejudge.act_now(doors)
    if as_json:
        print_json(SettledDocument(settled=settled, sent=word is Word.SENT, said=word.value))
    else:
        print(f"{len(settled)} settled" if settled else "none of them is uncertain, has failed or waits")


@app.command()
def replay(
    context: typer.Context,
    mail_id: MailId,
    apply: Annotated[bool, typer.Option("--apply", help="Keep the new result; never a second answer.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge a mail again and show what is different now."""
    from pipeline.cli.documents.mails import replay_document
    from pipeline.desk import rejudge

    with doors_of(context) as doors:
        before, after = rejudge.replay(doors, id_of(mail_id), apply=apply)
    document = replay_document(id_of(mail_id), before, after, applied=apply)
    if as_json:
        print_json(document)
    elif changed := document["changed"]:
        print_table(["what", "then", "now"], [(name, both["before"], both["after"]) for name, both in changed.items()])
    else:
        print("nothing is different")


@app.command()
def reconcile(
    context: typer.Context,
    record: Annotated[bool, typer.Option("--record", help="Take what is missing into the ledger.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the mailboxes with the ledger. Exit 1 when a mail is missing in the ledger."""
    from pipeline.cli.documents.mails import ReconcileDocument, compared_document
    from pipeline.engine.jobs import reconcile as jobs_reconcile

    documents = []
    with doors_of(context) as doors:
        doors.read_secrets()
        for mailbox in doors.mailboxes():
            try:
                found = jobs_reconcile.compare(doors, mailbox)
                missing = list(jobs_reconcile.described(mailbox, found.missing))
                recorded = jobs_reconcile.record(doors, mailbox, found) if record else 0
                documents.append(compared_document(found, missing, recorded))
            finally:
                mailbox.close()
    if as_json:
        print_json(ReconcileDocument(mailboxes=documents))
    else:
        for document in documents:
            _print_compared(document)
    if any(document["missing"] and not document["recorded"] for document in documents):
        raise typer.Exit(ExitCode.PROBLEM)


def _print_compared(document: ComparedDocument) -> None:
    missing, unread, gone = (len(uids) for uids in (document["missing"], document["unread"], document["gone"]))
    print(f"mailbox {document['mailbox']}: {many(document['both'], 'mail')} in the mailbox and in the ledger")
    if missing:
        print(f"  {missing} are not in the ledger")
        print_table(["uid", "received", "from", "subject"], [[*mail.values()] for mail in document["mails"]])
        done = f"{document['recorded']} recorded: their acknowledgements are uncertain, see `firstline mail settle`"
        print(f"  → {done if document['recorded'] else 'firstline mail reconcile --record'}")
    if unread:
        print(f"  {unread} are not fetched yet\n    → firstline once, or is `firstline run` up?")
    if waiting := document["waiting"]:
        print(f"  {len(waiting)} are not given out by the server: they are asked for again, and parked after a day")
    if gone:
        print(f"  {gone} of the ledger are not in the mailbox any more (moved or deleted by somebody): nothing to do")
