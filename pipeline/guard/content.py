"""Rules 20 and 21: what can't be read, and what a vacation responder writes."""

from __future__ import annotations

import re

from pipeline.guard.case import Case


def find_unreadable_parts(case: Case) -> str:
    """An invitation, an encrypted mail, or one too large: a person has to read it."""
    for kind in ("text/calendar", "multipart/encrypted", "application/pgp-encrypted", "application/pkcs7-mime"):
        if kind in case.mail.parts or kind == case.mail.content_type:
            return kind
    size = case.mail.size
    return f"{size} bytes, over the limit of {case.around.max_size}" if size > case.around.max_size else ""


_OUT_OF_OFFICE = re.compile(
    r"\b(out of (the )?office|automatic reply|auto[- ]?reply|autoreply|auto[- ]?response|on (annual )?(leave|vacation)"
    r"|abwesenheits(notiz|meldung)|automatische antwort|nicht im (büro|haus)"
    r"|réponse automatique|absence( du bureau)?|absent du bureau|message d'absence"
    r"|respuesta automática|fuera de (la )?oficina|ausencia|resposta automática|fora do escritório"
    r"|poissa( toimistosta)?|automaattinen vastaus|lomalla"
    r"|risposta automatica|fuori (sede|ufficio)|afwezig(heid)?|automatisch antwoord"
    r"|frånvaro|autosvar|automatiskt svar|fravær|autosvar|automatisk svar|nieobecn|odpowiedź automatyczna)",
    re.IGNORECASE,
)


def find_out_of_office(case: Case) -> str:
    """The wording alone proves nothing; see `judge`."""
    found = _OUT_OF_OFFICE.search(case.mail.subject)
    return f"subject says '{found[0]}'" if found else ""
