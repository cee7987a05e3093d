"""Does a mail that a weak rule silenced read like a person who writes to us? Then somebody should see it.

Few and plain signs, for it only puts the mail on a list: short, in the first person or a question, and none of the
words that newsletters and machines write.
"""

from __future__ import annotations

import re

from pipeline.records.mail import Mail
from pipeline.records.verdict import Strength, Verdict, VerdictKind

FEWEST_WORDS, MOST_WORDS = 4, 400
MOST_LINKS = 2
LOOKED_AT = 20_000  # characters of the whole text
_LINK = re.compile(r"https?://", re.IGNORECASE)
_FIRST_PERSON = re.compile(
    r"\b(i|i'm|i've|i’m|i’ve|my|me|mine|we|our|us"  # en
    r"|ich|mein\w*|mir|mich|wir|unser\w*|uns"  # de, nearly nl
    r"|je|j'\w+|j’\w+|mon|ma|mes|moi|nous|notre|nos"  # fr
    r"|yo|mi|mis|me|nosotros|nuestr[oa]s?|he|quiero|necesito"  # es
    r"|minä|minun|minulle|minulla|meidän|olen|en ole|sain|haluan"  # fi
    r"|io|mio|mia|miei|ho|sono|eu|meu|minha|ik|mijn|wij|ons|jag|min|mitt|mina|vi|vår|jeg|mit|mig|ja|moje?j?|mam|jestem"
    r"|já|můj|moje|mám|én|nekem|ma|minu|mul|ben|benim|bana|eu|mea|я|мой|моя|мне|у меня|мій|мені|εγώ|μου)\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"unsubscribe|manage (your )?(preferences|subscription)|view (this|it) (e?-?mail )?in (your|a) browser|"
    r"do not reply|don't reply|no reply|automatically generated|automatic (message|notification)|"
    r"abmelden|abbestellen|newsletter|nicht auf diese|automatisch (erstellt|erzeugt|generiert)|"
    r"désabonner|désinscri|ne pas répondre|"
    r"généré automatiquement|darse de baja|cancelar (la )?suscripción|no responda|generado automáticamente|"
    r"peruuta tilau|älä vastaa|"
    r"lähetetty automaattisesti|disiscri|cancellati|non rispondere|afmelden|uitschrijven|avregistrera|avprenumerera|"
    r"afmeld|avmeld|wypisz|rezygnuj|odhlásit|отписаться|leiratkoz|dezabon|cancelar inscri|out of (the )?office|"
    r"nicht im (büro|haus)|i am away|bin (ich )?(bis|ab)|absent(e)? (du|jusqu|jusqu'au)|poissa",
    re.IGNORECASE,
)


def is_weakly_silenced(verdict: Verdict) -> bool:
    """Silent, and each rule that made it so yields to the allow-list."""
    counting = [rule for rule in verdict.rules if rule.hit and not rule.allowed]
    silent = [rule for rule in counting if rule.verdict is VerdictKind.SILENT]
    weak = bool(silent) and all(rule.strength is Strength.WEAK for rule in silent)
    return weak and verdict.kind is VerdictKind.SILENT and verdict.robot


def reads_like_a_person(mail: Mail) -> bool:
    """As far as its words tell."""
    words, whole = mail.text.split(), mail.whole[:LOOKED_AT]
    if not FEWEST_WORDS <= len(words) <= MOST_WORDS or len(_LINK.findall(whole)) > MOST_LINKS:
        return False
    if _MACHINE.search(whole) or _MACHINE.search(mail.subject):
        return False
    return bool(_FIRST_PERSON.search(mail.text)) or "?" in mail.text or "？" in mail.text
