"""What is new in a reply: quotations, forwarded mail and signatures cut away, line by line.

Instead of mail-parser-reply: that needs 0.5 ms a mail and a guard against inputs on which it runs for a minute; this
looks at each line a bounded number of times. What is left out stays in `Mail.whole`.
"""

from __future__ import annotations

import re

_BACK = 4  # lines over which "On …, … wrote:" may be wrapped
_BLOCK = 9  # lines of a header block that are looked at
_LONGEST = 400  # characters of a line that are looked at
# Labels of the header block above a quotation, by what they mean, in the languages we meet.
_LABELS = {
    "from": "from von de da van från fra lähettäjä od от",
    "date": "sent date gesendet datum envoyé enviado enviada fecha data inviato verzonden skickat sendt dato lähetetty "
    "päivämäärä päiväys pvm wysłano wysłane отправлено дата",
    "to": "to an à a para aan till til vastaanottaja vastaanottajat do kopio cc kopie копия кому",
    "subject": "subject betreff objet asunto oggetto onderwerp ämne emne aihe assunto temat тема",
}
_MEANING = {label: meaning for meaning, labels in _LABELS.items() for label in labels.split()}
_LABEL = re.compile(rf"[\s*|]{{0,4}}({'|'.join(_MEANING)})(?: el| em)?[\s*]{{0,3}}:", re.IGNORECASE)
_ORIGINAL = (
    "original message|original appointment|forwarded message|forwarded by .{0,80}|reply message|"
    "ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|weitergeleitet von .{0,80}|"
    "message d['’]origine|message original|courriel original|message transféré|message transmis|"
    "mensaje original|mensaje reenviado|reenviado por .{0,80}|alkuperäinen viesti|välitetty viesti|"
    "edelleenlähetetty .{0,40}|messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht|"
    "ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|oprindelig meddelelse|opprinnelig melding|"
    "mensagem original|mensagem encaminhada|wiadomość oryginalna|przekazana wiadomość|oryginalna wiadomość"
)
_DELIMITER = re.compile(rf"[-–—_*#>=\s]{{2,40}}\s?(?:{_ORIGINAL})[-–—_*#=:\s]{{0,60}}", re.IGNORECASE)
_FORWARD = re.compile(
    "(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|inizio messaggio inoltrato|"
    "début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|välitetty viesti alkaa|"
    "begin doorgestuurd bericht|vidarebefordrat brev|início da mensagem reencaminhada|"
    "początek przekazywanej wiadomości) ?:"
    r"|[#*\s-]{0,6}(?:please )?(?:type|write|enter) your reply above this line.{0,40}",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"wrote|writes|\b(?:schrieb(?:en)?|a écrit|escribi[oó]|kirjoitti|ha scritto|schreef|skrev|escreveu|pisze)\b"
    r"|napisał|написал|пишет",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"[\W_]{0,3}(?:(?:on|am|le|el|il|op|den|em|no|dnia|w dniu|mon|tue|wed|thu|fri|sat|sun|ma|ti|ke|to|pe|la|su"
    r"|pon|wt|śr|czw|pt|sob|ndz)\b|\d)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_EXACT = re.compile(r"\d{1,2}[:.h]\d\d|\S@\S")  # a time of day or an address: hardly ever a person's own sentence
_DATE_AND_ADDRESS = re.compile(r"\d.{0,200}\d[:.]\d\d.{0,200}<[^<>\s]{1,200}@[^<>\s]{1,200}>:")
# A line is dropped only when it names a device or a mail program: "Sent from Oslo on Monday" may be what it is about.
_DEVICE = (
    r"(?=.*(?:phone|iph|ipad|ipod|ios|apple|\bmac|android|samsung|galaxy|huawei|honor|xiaomi|redmi|oneplus|nokia|sony"
    r"|xperia|motorola|pixel|blackberry|windows|outlook|yahoo|gmail|google|mail|proton|gmx|web\.de|telefon|handy|mobil|móvil"
    r"|tablet|puhelim|téléphone|portable|celular|cellulare|telemóvel|device|laittee))[^,;!?]{1,60}"
)
_MOBILE = re.compile(
    rf"(?:sent (?:from|via|with) (?:my |an? )?{_DEVICE}|get outlook for {_DEVICE}|outlook for (?:ios|android).{{0,20}}"
    rf"|(?:diese nachricht wurde )?von (?:meine[mr]|unterwegs) ?{_DEVICE} gesendet|gesendet (?:von|mit) {_DEVICE}"
    rf"|(?:holen sie sich )?outlook für (?:ios|android).{{0,20}}|envoyé (?:de|depuis|à partir de) {_DEVICE}"
    rf"|(?:obtenir|télécharger) outlook pour {_DEVICE}|enviado (?:desde|do|de|con|via) {_DEVICE}"
    rf"|(?:obtener|descargar|obter) outlook para {_DEVICE}|lähetetty (?:\S{{1,30}} )?{_DEVICE}|hae outlook {_DEVICE}"
    rf"|inviato da(?:l mio)? {_DEVICE}|verstuurd vanaf {_DEVICE}|verzonden (?:vanaf|met|via) {_DEVICE}"
    rf"|skickat från {_DEVICE}|sendt fra {_DEVICE}|wysłan[eo] (?:z|za pomocą) {_DEVICE})[.]?",
    re.IGNORECASE,
)
_RULE = re.compile(r"[-_=*–—\s]{3,}")


def new_text(text: str) -> str:
    """What the writer of this mail wrote: `text` (cleaned by `text.tidy`) without quotations and signature.

    Where nothing would be left (a bare forward, a lone quotation) it is the whole text.
    """
    lines = text.split("\n")
    kept: list[str] = []
    for at, line in enumerate(lines):
        bare = line.strip()[:_LONGEST]
        if bare[:1] == ">":
            continue
        if bare == "--" or _is_cut(lines, at, bare):
            break
        if bare[-1:] in (":", "：") and (back := _attribution(lines, at, bare)):
            del kept[len(kept) - back + 1 :]
            if _quoted_next(lines, at + 1):
                continue
            if _EXACT.search(" ".join(lines[at - back + 1 : at + 1])[:_LONGEST]):
                break
            kept += lines[at - back + 1 : at]
        if len(bare) < 90 and bare[:1].isalpha() and _MOBILE.fullmatch(bare):
            continue
        kept.append(line)
    while kept and (not kept[-1].strip() or _RULE.fullmatch(kept[-1][:_LONGEST])):
        kept.pop()
    return "\n".join(kept).strip() or text.strip()


def _is_cut(lines: list[str], at: int, bare: str) -> bool:
    """Does somebody else's mail begin in this line, down to the end?"""
    if bare[:1] in "-–—_*#=" and bare and _DELIMITER.fullmatch(bare):
        return True
    if bare[:10] == "_" * 10 and "mailing list" in " ".join(lines[at + 1 : at + 3])[:_LONGEST].lower():
        return True
    if bare[-1:] in ":#-" and bare and _FORWARD.fullmatch(bare):
        return True
    return ":" in bare[:24] and _is_header_block(lines, at)


def _is_header_block(lines: list[str], at: int) -> bool:
    """From and two of Date, To and Subject, close together and from this line on."""
    if not (first := _LABEL.match(lines[at])) or _MEANING[first[1].lower()] == "to":
        return False
    found = (_LABEL.match(line) for line in lines[at : at + _BLOCK])
    meanings = {_MEANING[label[1].lower()] for label in found if label}
    return "from" in meanings and len(meanings) >= 3


def _attribution(lines: list[str], at: int, bare: str) -> int:
    """Over how many lines an "On …, … wrote:" reaches that ends in line `at`; 0 when it is none."""
    if _DATE_AND_ADDRESS.search(bare):
        return 1
    joined, plausible = "", 0
    for back in range(1, min(_BACK, at + 1) + 1):
        line = lines[at - back + 1].strip()
        if not line or line[0] == ">" or len(joined) + len(line) > _LONGEST:
            break
        joined = f"{line} {joined}"
        if _VERB.search(joined) and (_DATE.search(joined) or _EXACT.search(joined)):
            if _OPENER.match(joined):
                return back
            plausible = plausible or back
    return plausible


def _quoted_next(lines: list[str], at: int) -> bool:
    """Is the next line that is not empty a quotation?"""
    following = next((line.strip() for line in lines[at : at + 10] if line.strip()), "")
    return following[:1] == ">"
