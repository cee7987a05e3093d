"""Rules 20, 20b and 21: what can't be read, what is no more than an emoji, and what a vacation responder writes."""

from __future__ import annotations

import re

from pipeline.guard.case import Case, find_header
from pipeline.text.special_mail import gateway_message

_MEETINGS = ("request", "reply", "cancel", "counter", "declinecounter", "refresh", "add")  # RFC 5546
_ENCRYPTED = ("multipart/encrypted", "application/pgp-encrypted", "application/x-pgp-encrypted")
_RIGHTS = ("application/x-microsoft-rpmsg-message", "application/vnd.ms-rpmsg", "application/x-rpmsg")
_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_PGP = "-----BEGIN PGP MESSAGE-----"


def find_unreadable_parts(case: Case) -> str:
    """An invitation, an encrypted mail, what a telephone or a fax gateway passes on (its caller is not who stands in
    From), or one too large: a person has to read it."""
    mail = case.mail
    for kind in mail.bodies:
        if kind.startswith("text/calendar ") and kind.partition(" ")[2] in _MEETINGS:
            return f"an invitation, or an answer to one ({kind.partition(' ')[2]})"
    for kind in (mail.content_type, *mail.parts):
        if kind in (*_ENCRYPTED, *_RIGHTS) or (kind in _SMIME and not mail.text):
            return kind
    if any(one.name.lower().endswith(".rpmsg") for one in mail.attachments):
        return "a rights-protected message"
    if mail.whole.lstrip().startswith(_PGP) or (_PGP in mail.whole and _PGP in mail.text):
        return "an encrypted PGP message"
    if said := gateway_message(mail):
        return said
    size = mail.size
    return f"{size} bytes, over the limit of {case.around.max_size}" if size > case.around.max_size else ""


# Emoji and what joins them: modifiers, variation selectors, flags, keycaps.
MOST_LINES = 6  # of a reaction
_EMOJI = (
    r"[\u00a9\u00ae\u200d\u203c\u2049\u20e3\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\u3030\u303d"
    r"\u3297\u3299\ufe0e\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]"
)
# "Eve Miller reacted to your message: 👍", in a line of its own: a name, the verb, and nothing that says more.
_VERBS = (
    rf"reacted (?:via|to your (?:message|e-?mail)|with)|reacted {_EMOJI}"
    r"|hat (?:auf Ihre|auf deine|über Gmail|mit)(?: \w+)?(?: \w+)?(?: reagiert)?|a réagi|ha reaccionado|reaccionó"
    r"|ha reagito|reagerade|reageerde|heeft gereageerd|reagoi|reagerte|reagerede|zareagował\w*|reagiu|reagoval\w*"
    r"|reagált|tepki verdi|отреагировал\w*"
)
_MORE = (
    rf"(?:[\s:.…]|{_EMOJI}|gmail|outlook|<https?://[^\s<>]{{1,300}}>|reagiert|avec|con|mit|med|met|via|über"
    r"|through|to|your|message|e-?mail|à votre message|a tu mensaje|al tuo messaggio|på|ditt|din"
    r"|meddelande|besked|op|je|bericht)"
)
_REACTED = re.compile(rf"(?:{_EMOJI}\s*){{0,8}}[^\n.,;:!?]{{0,60}}\b(?:{_VERBS}){_MORE}{{0,60}}", re.IGNORECASE)
_TAPBACK = re.compile(
    rf"(?:Liked|Loved|Disliked|Emphasi[sz]ed|Questioned|Laughed at|Reacted {_EMOJI}{{1,8}} to) "
    r"[“\"„«][^”\"“»]{1,500}[”\"“»]"
)
_ONLY_EMOJI = re.compile(rf"(?:{_EMOJI}|\s){{1,40}}")


def find_reaction(case: Case) -> str:
    """An emoji as an answer: Gmail's part, what Outlook and Apple write instead, or nothing but the emoji itself."""
    mail = case.mail
    if "text/vnd.google.email-reaction+json" in mail.parts:
        return "a reaction of Gmail"
    if header := find_header(case, "X-MS-Reaction", "X-MS-Exchange-Reaction", "X-Gmail-Reaction"):
        return header
    lines = [line.strip() for line in mail.text.splitlines() if line.strip()]
    if not 0 < len(lines) <= MOST_LINES or mail.attachments or not (mail.in_reply_to or mail.references):
        return ""
    if all(_ONLY_EMOJI.fullmatch(line) for line in lines):
        return f"nothing but {lines[0][:20]}"
    reacted = all(_ONLY_EMOJI.fullmatch(line) or _REACTED.fullmatch(line) for line in lines)
    return f"a reaction: {' '.join(lines)[:60]}" if reacted or _TAPBACK.fullmatch("\n".join(lines)) else ""


_WORDING = (
    r"(out of (the )?office|ooo\b|automatic reply|auto[- ]?reply|autoreply|auto[- ]?response|automated (reply|response)"
    r"|on (annual |parental |sick )?(leave|vacation|holiday)|away from (the |my )?(office|desk)|absence notice"
    r"|abwesenheits(notiz|meldung|nachricht|info)|abwesend|automatische (antwort|abwesenheit|e-mail)"
    r"|nicht im (büro|haus)|im urlaub"
    r"|réponse automatique|absence( du bureau)?|absent(e)? du bureau|message d'absence|en congés?"
    r"|respuesta automática|fuera de (la )?oficina|ausencia|ausente|resposta automática|fora do escritório|ausência"
    r"|poissa( toimistosta)?|poissaolo\w*|automaattinen vastaus|lomalla|loma-?automaatti"
    r"|risposta automatica|fuori (sede|ufficio)|assente|assenza|afwezig(heid)?(sbericht)?|automatisch antwoord"
    r"|frånvaro(meddelande)?|autosvar|automatiskt svar|fravær|automatisk svar|ikke på kontoret|inte på kontoret"
    r"|nieobecn\w*|odpowiedź automatyczna|autoodpowiedź|automatická odpověď|mimo kancelář|nepřítomnost"
    r"|automatická odpoveď|neprítomnosť|automatikus válasz|házon kívül|távollét|răspuns automat|absent din birou"
    r"|otomatik yanıt|ofis dışında|automaatvastus|eemal|automātiska atbilde|automatinis atsakymas"
    r"|автоматический ответ|вне офиса|отсутствие|автоматична відповідь|автоматичен отговор|αυτόματη απάντηση"
    r"|εκτός γραφείου|自动回复|自動回覆|自動応答|不在|자동 회신|부재중|תשובה אוטומטית|رد تلقائي|trả lời tự động)"
)
_OUT_OF_OFFICE = re.compile(rf"(?<!\w){_WORDING}", re.IGNORECASE)
_BEGINS = re.compile(rf"\W*{_WORDING}", re.IGNORECASE)
_IS_A_NOTE = re.compile(rf"\W*{_WORDING}\s*(?:[:\uff1a\-–—]|$)", re.IGNORECASE)


def find_out_of_office(case: Case) -> str:
    """The wording alone proves nothing; see `judge`."""
    found = _OUT_OF_OFFICE.search(case.mail.subject)
    return f"subject says '{found[0]}'" if found else ""


VACATION = (
    *("X-Vacation", "X-Vacation-Reply", "X-Out-Of-Office", "X-Auto-Reply", "Vacation", "X-Autoreply-Type"),
    *("X-OOF", "X-Absence", "X-Zimbra-OutOfOffice", "X-Notes-OutOfOffice", "X-Autoresponder-Id"),
)


def answers_our_letter(case: Case) -> str:
    """Its subject is one of ours behind the wording of an absence note: nobody writes that by hand.

    A person's own subject ("Out of office chairs") stands behind our words and not before them.
    """
    if not _BEGINS.match(case.mail.subject):
        return ""
    if case.keys.mentioned:
        return f"our reference {case.keys.mentioned[0]} in the subject"
    return "it answers a letter of ours" if case.keys.tokens else ""


def marked_all_the_same(case: Case) -> str:
    """A forwarder's marks count for nothing, but an absence note bears the very same ones: with its wording they do."""
    if not case.by.forwarder or not _IS_A_NOTE.match(case.mail.subject):
        return ""
    return find_header(case, "Auto-Submitted", "X-Auto-Response-Suppress", "Precedence")
