"""The letter `answer`, which carries what a person writes: their words are never lost because of a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.records.letter import ANSWER, Letter
from pipeline.replies import plain


@dataclass(frozen=True, kw_only=True)
class _Phrases:
    """What a letter has beside the words, in one language."""

    subject: str  # where the customer's mail has none
    hello: str
    regards: str
    keep: str


_PHRASES = {
    "en": _Phrases(
        subject="your message",
        hello="Hello{name},",
        regards="Kind regards",
        keep="Please leave this line in when you reply:",
    ),
    "de": _Phrases(
        subject="Ihre Nachricht",
        hello="Guten Tag{name},",
        regards="Freundliche Grüße",
        keep="Bitte lassen Sie diese Zeile stehen, wenn Sie antworten:",
    ),
    "fr": _Phrases(
        subject="votre message",
        hello="Bonjour{name},",
        regards="Cordialement",
        keep="Merci de laisser cette ligne dans votre réponse :",
    ),
    "es": _Phrases(
        subject="su mensaje",
        hello="Hola{name}:",
        regards="Un saludo cordial",
        keep="Por favor, deje esta línea en su respuesta:",
    ),
    "fi": _Phrases(
        subject="viestinne",
        hello="Hei{name},",
        regards="Ystävällisin terveisin",
        keep="Jättäkää tämä rivi näkyviin, kun vastaatte:",
    ),
}


def says_them(text: str, values: Mapping[str, object]) -> bool:
    """Does a printed letter say all that the person wrote? White space may differ."""
    return _words(str(values.get("comment", ""))) in _words(text)


def _words(text: str) -> str:
    return " ".join(text.split())


def built_in(language: str, values: Mapping[str, object], problem: str) -> Letter:
    """For folders without such a letter, and where it fails (`problem` says why): like the one of the starter."""
    said = {name: str(values.get(name, "")) for name in ("name", "subject", "comment", "agent", "signature", "company")}
    phrases = _PHRASES[language]
    company = said["company"] if said["company"] != said["signature"] else ""
    closing = (phrases.regards, said["agent"], said["signature"], company)
    text = "\n\n".join(
        [
            phrases.hello.format(name=f" {said['name']}" if said["name"] else ""),
            said["comment"],
            "\n".join(filter(None, closing)),
            f"{phrases.keep}\n{values.get('ref', '')} · {values.get('token', '')}",
        ]
    )
    return Letter(
        subject=" ".join(f"Re: {said['subject'] or phrases.subject}".split()),
        text=text + "\n",
        html=plain.page_of(text, language, values),
        template=f"({ANSWER})",
        version="built-in",
        language=language,
        problem=problem,
    )
