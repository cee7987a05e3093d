"""A contact form that puts the customer nowhere but into its text: the fields behind the labels that are configured.

A field is a line ("E-mail: eve@example.org"), a row of a table (the label, then white space or a bar), or a label on a
line of its own with what was typed below it. The message goes on until the next label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.parse import addresses
from pipeline.records.mail import Address, Mail, fold
from pipeline.text.language import language_of_mail
from pipeline.text.quotes import Context
from pipeline.text.quotes import read as read_text

if TYPE_CHECKING:  # pydantic is slow to import, and the helper process that a backlog waits for needs none
    from pipeline.config.guard import FormConfig

LINES = 2_000


def read(mail: Mail, forms: Iterable[FormConfig], languages: Sequence[str] = ()) -> Mail:
    """The mail with its customer in Reply-To, and nothing but the message as its text."""
    form = next((one for one in forms if mail.sender and _is_from(mail.sender, one)), None)
    if form is None or mail.report:
        return mail
    if not form.has_fields:  # what stands above the message is the form's, whatever it looks like
        return replace(
            mail,
            text=mail.whole.strip(),
            beside="",
            language=language_of_mail("", _unframed(mail.whole), "", languages),
        )
    typed = fields(mail.whole, form)
    text = read_text(typed.get("text", ""), Context(answers=False)).new
    mail = replace(mail, reply_to=_customer(mail, typed))
    return replace(mail, text=text, beside="", language=language_of_mail("", text, "", languages)) if text else mail


def _is_from(sender: Address, form: FormConfig) -> bool:
    return sender.folded == fold(form.sender)


_FRAME = re.compile(r"\s*[^\s:][^:\n]{0,40}:(\s[^\n]{0,200})?|\s*https?://\S+\s*")  # "Phone: 0123 456"


def _unframed(whole: str) -> str:
    """Without the lines that a form puts around what was typed; all of it where that leaves nothing."""
    kept = [line for line in whole.splitlines() if not _FRAME.fullmatch(line)]
    return "\n".join(kept) if any(line.strip() for line in kept) else whole


def _customer(mail: Mail, typed: Mapping[str, str]) -> Address | None:
    """The field that the operator has named; else Reply-To, where it names somebody else than the form itself."""
    if found := addresses.read(typed.get("email", "")):
        return replace(found[0], name=_name(typed) or found[0].name)
    if mail.reply_to and mail.sender and mail.reply_to.folded != mail.sender.folded:
        return mail.reply_to if mail.reply_to.name else replace(mail.reply_to, name=_name(typed))
    return None


def _name(typed: Mapping[str, str]) -> str:
    return " ".join(typed.get("name", "").split())[:200]


def fields(whole: str, form: FormConfig) -> dict[str, str]:
    """What was typed, by "email", "name" and "text"; of each the first that is not empty."""
    labels = {"email": form.email, "name": form.name, "text": form.text}
    patterns = {kind: _label(words) for kind, words in labels.items() if words}
    found: dict[str, str] = {}
    kind, lines = "", list[str]()
    for line in [*whole.splitlines()[:LINES], None]:
        begins = _begins(line, patterns) if line is not None else ("", "")
        if begins is None and line is not None:
            if kind and (kind == "text" or not "".join(lines).strip()):  # other fields are one line long
                lines.append(line)
            continue
        if kind and (said := "\n".join(lines).strip()):
            found.setdefault(kind, said)
        kind, lines = (begins[0], [begins[1]]) if begins else ("", [])
    return found


def _begins(line: str, patterns: Mapping[str, re.Pattern[str]]) -> tuple[str, str] | None:
    for kind, pattern in patterns.items():
        if label := pattern.fullmatch(line):
            return kind, (label[1] or label[2] or "").rstrip(" |")
    return None


def _label(words: Iterable[str]) -> re.Pattern[str]:
    """The label, perhaps with a mark of a list or of a field that must be filled in, then what was typed."""
    longest_first = sorted((word.rstrip(" :*").split() for word in words), key=len, reverse=True)
    any_of = "|".join(r"\s+".join(map(re.escape, word)) for word in longest_first)
    typed = r"(?:[:\uff1a|=\t]\s*(.*)|\s{2,}(.*))?"
    return re.compile(rf"[\s>*•\-|]*(?:{any_of})\s*(?:\([^()]{{0,30}}\))?[\s*]*{typed}", re.IGNORECASE)
