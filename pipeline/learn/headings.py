"""Which column of somebody's table holds what, by its heading: in any case, in five languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pipeline.learn.dataset import FIELDS, Columns

# What each field is called, the surest name first. A name stands at one field only: "sujet" is what a mail is about,
# and "objet" its subject; "aihe" and "asunto" are subjects in mail programs.
_CALLED = {
    "text": "text body message mail e-mail content inhalt nachricht mailtext nachrichtentext texte corps contenu texto "
    "mensaje cuerpo contenido teksti viesti sisältö",
    "subject": "subject betreff title titel objet titre asunto título aihe otsikko",
    "topic": "topic category class label thema kategorie rubrik klasse thème sujet catégorie étiquette tema categoría "
    "etiqueta luokka kategoria aihepiiri",
    "sentiment": "sentiment mood stimmung tonalität ton humeur sentimiento tono sävy tunnelma stars rating sterne "
    "bewertung étoiles note estrellas valoración tähdet arvosana",
    "complaint": "complaint is_complaint beschwerde reklamation plainte réclamation queja reclamación reklamaatio "
    "valitus",
    "language": "language lang sprache langue idioma lengua kieli",
    "source": "source quelle origine fuente origen lähde",
    "labelled_by": "labelled_by labeled_by annotator agent bearbeiter annotateur etiquetado_por merkitsijä",
    "labelled_at": "labelled_at labeled_at",
    "received_at": "received_at received date datum eingang reçu fecha recibido päivä saapunut",
    "thread": "thread conversation ticket vorgang fil hilo ketju",
    "sender": "sender from absender von expéditeur de remitente lähettäjä",
}


def columns_in(headings: Sequence[str], columns: Columns) -> Columns:
    """The same columns by their headings in this table. What the user named is only looked for in other capitals."""
    by_fold = {_folded(heading): heading for heading in reversed(headings)}
    found = {field: _heading(field, columns, by_fold) for field in FIELDS}
    named: dict[str, Any] = {  # of `replace`, which takes any field by name
        field: heading for field, heading in found.items() if hasattr(columns, field)
    }
    others = {field: heading for field, heading in found.items() if not hasattr(columns, field)}
    return replace(columns, **named, others=others)


def _heading(field: str, columns: Columns, by_fold: dict[str, str]) -> str:
    """The heading of a field; what it is called in the program where the table has none."""
    wanted = columns.place(field)
    if field in columns.required:
        return by_fold.get(_folded(wanted), wanted)
    taken = {_folded(columns.place(one)) for one in columns.required}
    return next(_there([wanted, *_CALLED.get(field, "").split()], by_fold, taken), wanted)


def _there(names: Iterable[str], by_fold: dict[str, str], taken: set[str]) -> Iterator[str]:
    return (by_fold[_folded(name)] for name in names if _folded(name) in by_fold and _folded(name) not in taken)


def _folded(heading: str) -> str:
    """`Is Complaint` and `is_complaint` are the same."""
    return "_".join(heading.strip().casefold().replace("-", "_").split())
