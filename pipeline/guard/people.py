"""Rules 10 to 13: who writes, and to whom; and what our own server calls spam."""

from __future__ import annotations

import re

from pipeline.guard.case import Case, token
from pipeline.guard.writer import within
from pipeline.records.mail import Address


def find_own_address(case: Case) -> str:
    """Mail from ourselves is mail that goes in circles."""
    customer = case.customer
    return f"{customer.email} is our own address" if customer and customer.folded in case.around.ours else ""


def find_no_address(case: Case) -> str:
    """RFC 2606 section 2: nobody has an address below .invalid. Who left none, on the telephone, gets such a one."""
    domain = case.customer.domain if case.customer else ""
    return f"there can be no address in {domain}" if within(domain, "invalid") else ""


def find_unwritable_address(case: Case) -> str:
    """No letter can go there, but whoever writes is a person: one of us finds another way."""
    return "" if case.customer is None or case.customer.is_writable else "no letter can go to such an address"


def find_daemon_sender(case: Case) -> str:
    """The names that mail servers write under (RFC 5321 section 4.5.1, RFC 2142)."""
    local = case.customer.local if case.customer else ""
    return f"{local}@" if local in ("mailer-daemon", "postmaster") else ""


# "Do not answer", as addresses say it in many languages; hyphens, dots and underscores are left out.
_NO_REPLY = (
    "noreply noreplies donotreply dontreply pleasedonotreply noresponse noanswer neverreply unattended noemail "  # en
    "nichtantworten bittenichtantworten keineantwort nichtbeantworten "  # de
    "nepasrepondre nepasrépondre nerepondezpas sansreponse pasdereponse noreponse "  # fr
    "noresponder noresponda norespondas sinrespuesta nocontestar noconteste "  # es
    "naoresponder nãoresponder naoresponda semresposta "  # pt
    "nonrispondere nonrisponderea nonrisponda senzarisposta "  # it
    "nietantwoorden nietbeantwoorden nietreageren geenantwoord nietbeantwoordenaub "  # nl
    "alavastaa älävastaa eivastausta eivastata "  # fi
    "intesvara ingetsvar besvarikke cevapvermeyin norisposta nessunarisposta "
    "svaraej svarainte ejsvar svarikke svarej ikkesvar ingensvar ikkebesvar "  # sv, da, no
    "nieodpowiadaj nieodpowiadac nieodpowiadać prosimynieodpowiadac bezodpowiedzi "  # pl
    "neodpovidat neodpovídat neodpovidejte neodpovedat neodpovedajte neodgovarjaj "  # cs, sk, sl
    "neodgovarati neodgovaraj neodgovarajte "  # hr, sr
    "nevalaszoljon nevalaszolj neválaszoljon nevalasz "  # hu
    "nuraspunde nuraspundeti nurăspundeți "  # ro
    "mitteevastata äravasta aravasta neatbildet neatbildiet neatsakykite neatsakyti "  # et, lv, lt
    "yanitlamayin yanıtlamayın cevaplamayin cevaplamayın yanitlama "  # tr
    "neotvechat neotvechayte неотвечать неотвечайте нетответа невідповідати "  # ru, uk
    "miniapantiste minapantate"  # el
).split()
_SEPARATORS = re.compile(r"[-_.+=]+")
_ROBOT_NAME = re.compile(r"abuse|root|listserv|majordomo|bounces?([-+=_.\d].*)?|.+-request|owner-.+")


def find_robot_sender(case: Case) -> str:
    """Names that nobody reads the answers of. Of a form it is the customer's name that counts."""
    local = case.customer.local if case.customer else ""
    return f"{local}@" if _ROBOT_NAME.fullmatch(local) or _says_no_reply(local) else ""


def _says_no_reply(local: str) -> bool:
    """At its beginning, at its end, or after a separator: `noreply4711`, `order-noreply`, `shop.ne-pas-repondre.fr`.

    Not in the middle of a name: `eleonoreplymouth`.
    """
    words = [word for word in _SEPARATORS.split(local.casefold()) if word]
    for start in range(len(words)):
        joined = ""
        for word in words[start:]:
            joined += word
            if joined in _NO_REPLY or (len(joined) > 5 and re.sub(r"\d+$", "", joined) in _NO_REPLY):
                return True
    return any(word.startswith(_SURE) or word.endswith(_SURE) for word in words)


# Long enough that no name begins or ends like that: `noreplyorders`, `ordersdonotreply`.
_SURE = tuple(word for word in _NO_REPLY if word not in ("noreponse", "noresponse", "noanswer"))


def find_no_recipient_of_ours(case: Case) -> str:
    """RFC 5230 section 4.5: not to us, so not ours to answer; a blind copy looks the same, so a person decides."""
    ours = case.around.addressed
    if not ours or any(Address(email=recipient).folded in ours for recipient in case.mail.recipients):
        return ""
    return "none of our addresses among the recipients"


def find_spoofing(case: Case) -> str:
    """It does not come from where it says: see `authentication`."""
    return case.proof.why


def find_spam(case: Case) -> str:
    """The word of the spam filter in front of us, the topmost one: below it stand those of the sender's servers; or
    the folder it put the mail in."""
    for find in (_spam_flag, _rspamd, _exchange):
        if evidence := find(case):
            return evidence
    return f"folder {case.around.folder}" if case.around.folder.lower() in ("junk", "spam") else ""


_FLAGS = ("x-spam-flag", "x-spam-status", "x-spam")


def _spam_flag(case: Case) -> str:
    """SpamAssassin and those that do as it does. They write more than one of these fields: the topmost decides."""
    name = next((name for name in case.mail.headers if name in _FLAGS), "")  # in order, from the top
    value = case.mail.header(name) if name else ""
    return f"{name}: {value}" if re.match(r"yes|true|spam\b", value.strip().lower()) else ""


def _rspamd(case: Case) -> str:
    action = token(case.mail.header("X-Rspamd-Action"))
    if action in ("add header", "rewrite subject", "soft reject", "reject", "quarantine"):
        return f"X-Rspamd-Action: {action}"
    return ""


def _exchange(case: Case) -> str:
    """Exchange: a spam confidence level of 5 and more, or the filter's verdict SFV:SPM."""
    level = case.mail.header("X-MS-Exchange-Organization-SCL").strip()
    if level.isdecimal() and int(level) >= _SPAM_LEVEL:
        return f"X-MS-Exchange-Organization-SCL: {level}"
    report = case.mail.header("X-Forefront-Antispam-Report").upper()
    said = dict(part.strip().partition(":")[::2] for part in report.split(";") if ":" in part)
    if said.get("SFV") == "SPM" or (said.get("SCL", "").isdecimal() and int(said["SCL"]) >= _SPAM_LEVEL):
        return f"X-Forefront-Antispam-Report: SCL:{said.get('SCL', '')}, SFV:{said.get('SFV', '')}"
    return ""


_SPAM_LEVEL = 5
