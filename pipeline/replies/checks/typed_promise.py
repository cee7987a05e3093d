"""A time that is typed by hand is a promise that nobody watches: it stays the same, whatever is possible."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import nodes

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding, warning

_NUMBERS = {
    "en": r"\d+|an?|one|two|three|four|five|ten",
    "de": r"\d+|ein(?:er|es|em|en)?|zwei|drei|vier|fünf|zehn",
    "fr": r"\d+|une?|deux|trois|quatre|cinq|dix",
    "es": r"\d+|una?|dos|tres|cuatro|cinco|diez",
    "fi": r"\d+|yhden|kahden|kolmen|neljän|viiden|kymmenen",
}
_DAYS = {
    "en": "tomorrow|tonight|noon|monday|tuesday|wednesday|thursday|friday|saturday|sunday|the end of the (?:day|week)",
    "de": "morgen|heute abend|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag",
    "fr": "demain|ce soir|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    "es": "mañana|lunes|martes|miércoles|jueves|viernes|sábado|domingo",
    "fi": "huomi|maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai",
}
_SPANS = {
    "en": r"(?:within|inside of|in)(?: the next)? (?:N) (?:working |business )?(?:minutes?|hours?|days?|weeks?)",
    "de": r"(?:innerhalb|binnen|in)(?: von| der nächsten| den nächsten)? (?:N) (?:werk|arbeits)?"
    r"(?:minuten?|stunden?|tag(?:en|es|e)?|wochen?)",
    "fr": r"(?:sous|dans|en moins de|d'ici|d’ici)(?: les| un délai de)? (?:N) (?:prochain\w+ )?"
    r"(?:minutes?|h|heures?|jours?|semaines?)",
    "es": r"(?:en|dentro de|antes de)(?: menos de| un plazo de| las próximas| los próximos)? (?:N) "
    r"(?:minutos?|horas?|días?|semanas?)",
    "fi": r"(?:N) (?:minuutin|tunnin|päivän|arkipäivän|viikon) (?:sisällä|kuluessa|aikana)",
}
_UNTIL = {
    "en": r"(?:by|before|until) (?:D|\d{1,2}(?::\d\d)? ?(?:am|pm|o'clock))",
    "de": r"bis (?:spätestens )?(?:zum )?(?:D|\d{1,2}(?::\d\d)? uhr)",
    "fr": r"(?:avant|d'ici|d’ici|jusqu'à) (?:D|\d{1,2} ?h)",
    "es": r"antes (?:del?|de las) (?:D|\d{1,2}(?::\d\d)?)",
    "fi": r"(?:(?:D)\w* mennessä|viimeistään (?:D))",
}


def check(_bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Code `typed-promise`."""
    pattern = _pattern(looked.file.partition("/")[0])
    if pattern is None or looked.tree is None:
        return
    for data in looked.tree.find_all(nodes.TemplateData):
        for match in pattern.finditer(data.data):
            line = data.lineno + looked.offset + data.data[: match.start()].count("\n")
            message = f'"{" ".join(match[0].split())}" is a promise that nobody watches'
            remedy = "write {{ respond_by }} or {{ resolve_by }}: those are kept in mind until they are kept"
            yield warning(looked.file, line, "typed-promise", message, remedy)


def _pattern(language: str) -> re.Pattern[str] | None:
    """None for a language whose words are not known here."""
    if language not in _SPANS:
        return None
    span = _SPANS[language].replace("N", _NUMBERS[language])
    until = _UNTIL[language].replace("D", _DAYS[language])
    return re.compile(rf"\b(?:{span}|{until})(?!\w)".replace(" ", r"\s+").replace(r"\s+?", r"\s*"), re.IGNORECASE)
