"""What `template` and `survey` print for programs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from pipeline.desk.letter_matrix import MatrixRow
from pipeline.records.askable import Askable
from pipeline.records.letter import Letter, RecordedVersion
from pipeline.records.survey import Survey, SurveyKind, SurveyState
from pipeline.records.texts import TextVersion
from pipeline.replies.files import Finding
from pipeline.replies.matrix import Cell
from pipeline.replies.preview import Variant
from pipeline.replies.variables import Variable

if TYPE_CHECKING:  # it looks into the database, which `template lint` needs none of
    from pipeline.desk.texts.updating import Offer, Renewal


class PreviewDocument(TypedDict):
    """A letter as it would be sent for one mail, in one language."""

    mail: Annotated[str | None, "id; null for a sample"]
    about: str
    traits: Annotated[list[str], "what makes it a hard case"]
    language: str
    subject: Annotated[str | None, "null when it can't be made, as the next two"]
    text: str | None
    html: str | None
    problem: Annotated[str | None, "why it can't be made"]
    changes: NotRequired[Annotated[list[str] | None, "with --diff; null when there is nothing to compare with"]]


class LetterLanguageDocument(TypedDict):
    """A letter in one language, as it is in use."""

    version: Annotated[str, "hash of its files"]
    subject: Annotated[str, "as in the file"]
    description: str


class LetterDocument(TypedDict):
    """A letter."""

    name: str
    description: str
    languages: Annotated[dict[str, LetterLanguageDocument], "by language"]
    problems: Annotated[dict[str, str], "file → why its newest version is not in use"]


class FindingDocument(TypedDict):
    """Something wrong with a file."""

    file: str
    line: Annotated[int, "0: about the whole file"]
    severity: Annotated[str, "`error` or `warning`"]
    code: str
    message: str
    remedy: str


class CellDocument(TypedDict):
    """Which letter is sent when."""

    mailbox: Annotated[str, "whose mail it is for; empty: for that of all without letters or topics of their own"]
    topic: str
    complaint: bool
    language: str
    outside_hours: bool
    wanted: Annotated[str, "letter"]
    letter: Annotated[str, "that is sent instead, or the same; empty: the built-in text"]
    says_opening: Annotated[bool, "it says when work begins again"]
    complete: bool


class MatrixLetterDocument(TypedDict):
    """A letter as it would be sent to a mail of its kind."""

    mailbox: Annotated[str, "whose own letter it is; empty: that of all"]
    name: str
    language: Annotated[str, "of the customer"]
    sent: Annotated[str, "language and name of what is really sent; `(safe)`: the built-in text"]
    subject: str
    text: str


class LintDocument(TypedDict):
    """What is wrong with the letters."""

    checked: Annotated[int, "files"]
    findings: list[FindingDocument]
    matrix: NotRequired[Annotated[list[CellDocument], "with --matrix"]]


class VariableDocument(TypedDict):
    """A name that a letter may use."""

    name: str
    type: str
    about: str
    sample: Annotated[object, "a value it may have"]


class ArticleDocument(TypedDict):
    """A help page."""

    language: str
    name: str
    title: str
    link: str
    offered: Annotated[int, "how often"]
    wrote_again: Annotated[int, "after this many of these the customer wrote again"]


class VersionDocument(TypedDict):
    """A version of a letter."""

    language: str
    name: str
    version: Annotated[str, "hash of its files"]
    files: Annotated[list[str], "that it is made of"]
    first_used: datetime
    taken_up: Annotated[datetime | None, "the last time"]
    last_sent: datetime | None
    sent: Annotated[int, "mails"]
    in_use: bool
    by: Annotated[str, "who saved it at the desk or by a command; empty: it was changed on disk"]
    why: Annotated[str, "the reason that they gave"]


class VersionDiffDocument(TypedDict):
    """What is different between two versions of a letter."""

    language: str
    before: Annotated[str, "version"]
    after: Annotated[str, "version, or `on disk`"]
    lines: Annotated[list[str], "as `diff` writes them"]


class RestoredVersionDocument(TypedDict):
    """What was put back."""

    name: str
    language: str
    version: str
    written: Annotated[list[str], "files"]
    deleted: Annotated[list[str], "files that this version did not have"]
    other_parts: Annotated[list[str], "files shared with other letters that have changed since, and were left alone"]


class OfferedLetterDocument(TypedDict):
    """A letter that this version of Firstline ships otherwise than yours."""

    file: Annotated[str, "as en/delivery.txt"]
    change: Annotated[str, "`new`; `changed` (nobody has edited yours); `both` (somebody has, so yours stays)"]
    taken: Annotated[bool, "with --yes: it was taken over"]
    theirs: Annotated[list[str], "the lines that the package has changed since the folder was made, as diff has them"]
    yours: Annotated[list[str], "the lines that you have changed since; empty where it is not known what was shipped"]
    findings: Annotated[list[FindingDocument], "why it was not taken over"]


class LetterUpdateDocument(TypedDict):
    """What a version of Firstline brings for the letters."""

    then: Annotated[str | None, "the version that yours were made from; null in a folder that does not know it"]
    now: Annotated[str, "the version that is installed"]
    letters: list[OfferedLetterDocument]


class SavedTextDocument(TypedDict):
    """A text that was to be saved."""

    text: Annotated[str, "as en/delivery; a mailbox's own: support: en/delivery"]
    saved: Annotated[bool, "it was written; false with no findings and no conflict: it was like that already"]
    mark: Annotated[str | None, "of what lies there now, for `--opened`; null where nothing was written"]
    conflict: Annotated[bool, "it was changed meanwhile, so nothing was written"]
    findings: Annotated[list[FindingDocument], "why nothing was written; warnings among them"]
    left: Annotated[list[str], "with [store] share_files: files that were changed on another machine, too"]


class TestMailDocument(TypedDict):
    """A text that was sent to one of us."""

    text: Annotated[str, "as en/delivery"]
    to: Annotated[str, "address"]
    subject: str


class AskedDocument(TypedDict):
    """A customer who is asked."""

    ticket: str
    customer: Annotated[str, "address"]
    kind: SurveyKind


class SurveyDocument(TypedDict):
    """A question to a customer, and the answer that was noted."""

    id: Annotated[str, "ticket and kind"]
    kind: SurveyKind
    state: SurveyState
    created: datetime
    sent: datetime | None
    expires: datetime | None
    ticket: str
    thread: str
    mail_id: str
    customer: Annotated[str, "address, folded"]
    topic: str
    owner: str
    language: str
    template: Annotated[str, "the acknowledgement that the customer had, with its version"]
    complaint: bool
    answers: Annotated[int, "so far; the last one counts"]
    score: int


def finding_document(finding: Finding) -> FindingDocument:
    """Something wrong with a file."""
    return {
        "file": finding.file,
        "line": finding.line,
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def matrix_letter_document(row: MatrixRow, language: str, letter: Letter) -> MatrixLetterDocument:
    """A letter of a row of the matrix."""
    return {
        "mailbox": row.mailbox,
        "name": row.name,
        "language": language,
        "sent": f"{letter.language}/{letter.template}",
        "subject": letter.subject,
        "text": letter.text,
    }


def cell_document(cell: Cell, mailbox: str) -> CellDocument:
    """Which letter is sent in one case."""
    return {
        "mailbox": mailbox,
        "topic": cell.topic,
        "complaint": cell.complaint,
        "language": cell.language,
        "outside_hours": cell.outside_hours,
        "wanted": cell.wanted,
        "letter": cell.letter,
        "says_opening": cell.says_opening,
        "complete": cell.complete,
    }


def variable_document(variable: Variable) -> VariableDocument:
    """A name that a letter may use."""
    return {"name": variable.name, "type": variable.type, "about": variable.about, "sample": variable.sample}


def preview_document(variant: Variant, changes: list[str] | None, *, compared: bool) -> PreviewDocument:
    """A letter for one mail; `changes`: against another version, None when there is nothing to compare with."""
    case, letter = variant.case, variant.now
    document: PreviewDocument = {
        "mail": case.mail_id or None,
        "about": case.about,
        "traits": list(case.traits),
        "language": variant.language,
        "subject": letter.subject if letter else None,
        "text": letter.text if letter else None,
        "html": letter.html if letter else None,
        "problem": variant.problem or None,
    }
    if compared:
        document["changes"] = changes
    return document


def article_document(
    language: str, name: str, title: str, link: str, *, offered: int, wrote_again: int
) -> ArticleDocument:
    """A help page, and what came of it."""
    return {
        "language": language,
        "name": name,
        "title": title,
        "link": link,
        "offered": offered,
        "wrote_again": wrote_again,
    }


def version_document(version: RecordedVersion, saved: TextVersion | None, *, exists: bool) -> VersionDocument:
    """A version of a letter, and who has `saved` it. A letter whose file is gone (`exists`) is not in use any more."""
    return {
        "language": version.language,
        "name": version.name,
        "version": version.version,
        "files": sorted(version.files or ()),
        "first_used": version.first_used,
        "taken_up": version.taken_up,
        "last_sent": version.last_sent,
        "sent": version.sent,
        "in_use": version.in_use and exists,
        "by": saved.who if saved else "",
        "why": saved.why if saved else "",
    }


def asked_document(one: Askable, kind: SurveyKind) -> AskedDocument:
    """A customer who is asked."""
    return {"ticket": one.ref, "customer": one.address, "kind": kind}


def survey_document(survey: Survey, answers: int, score: int) -> SurveyDocument:
    """A question, how many answers there are to it, and the one that was noted."""
    return {
        "id": survey.id,
        "kind": survey.kind,
        "state": survey.state,
        "created": survey.created,
        "sent": survey.sent,
        "expires": survey.expires,
        "ticket": survey.ticket,
        "thread": survey.thread,
        "mail_id": survey.mail_id,
        "customer": survey.customer,
        "topic": survey.topic,
        "owner": survey.owner,
        "language": survey.language,
        "template": survey.template,
        "complaint": survey.complaint,
        "answers": answers,
        "score": score,
    }


def letter_update_document(offered: Offer, done: Renewal | None) -> LetterUpdateDocument:
    """`done`: what came of taking them over; None where it was not asked for."""
    taken, unfit = (set(done.taken), done.unfit) if done else (set[str](), {})
    return {
        "then": offered.then.version if offered.then else None,
        "now": offered.now.version,
        "letters": [
            {
                "file": one.file,
                "change": one.change.value,
                "taken": one.file in taken,
                "theirs": one.theirs,
                "yours": one.yours,
                "findings": [finding_document(found) for found in unfit.get(one.file, ())],
            }
            for one in offered.differences
        ],
    }
