"""Mail whose matter is not in its text: voice messages and faxes of gateways, letters in attachments, encrypted mail.

Nothing in them is opened: it is only told what a person must open, and with what.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.records.mail import Attachment, Mail

_FEW = 30  # words beside which a letter in an attachment may be the matter
_NONE = 6  # words that say nothing without it
_DOCUMENT = re.compile(r"\.(pdf|docx?|odt|rtf|pages|eml|msg|tiff?|xps|djvu)$", re.IGNORECASE)
_MESSAGE = re.compile(r"\.(eml|msg)$", re.IGNORECASE)
_ATTACHED = re.compile(
    r"attach|enclos|anhang|anlage|beilieg|beigefügt|angehängt|ci-joint|pièce jointe|ci-annex|adjunt|anex|allegat"
    r"|bijlage|bijgevoegd|bifoga|bilag|vedhæft|vedlagt|vedlegg|liittee|liitetiedost|oheis|załącz|přílo|prílo|mellékl|csatol|ataș|ekte|ekli"
    r"|manuses|lisatud|συνημμέν|вложен|прикреп|приложен|вкладен|додат|مرفق|附件|附加|添付"
)
# How gateways call what they send (RFC 3458: Message-Context), and who they say they are.
_CONTEXTS = {"voice-message": "a voice message", "fax-message": "a fax", "video-message": "a video message"}
_HEADERS = (
    "x-voicemail",
    "x-cisco-unity",
    "x-voice-message",
    "x-asterisk-callerid",
    "x-3cx-voicemail",
    "x-fax-from",
    "x-efax",
)
_GATEWAY = re.compile(
    r"(?:^|[._-])(?:voice-?mail|voicemsg|vm|unity|asterisk|e?fax|faxserver|fax2mail|telefax|anrufbeantworter|pbx|phone-?system|3cx)"
    r"(?:$|[._-])"
)
_SUBJECT = re.compile(
    r"(?P<voice>voice-?\s?mail|voice message|sprachnachricht|anrufbeantworter|mailbox-nachricht|message vocal"
    r"|messagerie vocale|mensaje de voz|buzón de voz|correio de voz|mensagem de voz|messaggio vocale|segreteria"
    r"|voicemailbericht|röstmeddelande|talebesked|telefonsvarer|talemelding|vastaajaviesti|puheviesti|poczta głosowa"
    r"|wiadomość głosowa|hlasová zpráva|hangposta"
    r"|mesaj vocal|sesli mesaj|häälsõnum|голосов\w+ (?:сообщени|почт|повідомлен)|留守番電話|语音)"
    r"|(?P<fax>\b(?:tele)?fax\b|\bfaks\b|\bφαξ\b|\bфакс\b)"
)
_SOUND = re.compile(r"\.(wav|mp3|m4a|amr|ogg|opus|wma|gsm|aac)$", re.IGNORECASE)
_FAXED = re.compile(r"\.(tiff?|pdf)$", re.IGNORECASE)


def gateway_message(mail: Mail) -> str:
    """A voice message or a fax that a gateway passes on, in words with the file; '' for everything else.

    Its caller is not who stands in From, so a letter to that address would reach nobody. A person who attaches a
    recording writes from an address of their own.
    """
    if kind := _CONTEXTS.get(mail.header("message-context").strip().lower()):
        return _told(kind, mail, (_SOUND, _FAXED))
    named = _SUBJECT.search(mail.subject.lower())
    is_gateway = any(header in mail.headers for header in _HEADERS) or (
        mail.sender is not None and bool(_GATEWAY.search(mail.sender.local))
    )
    sound = any(_SOUND.search(one.name) or one.content_type.startswith("audio/") for one in mail.attachments)
    faxed = any(_FAXED.search(one.name) or one.content_type == "image/tiff" for one in mail.attachments)
    if sound and (is_gateway or (named and named["voice"] and _says_little(mail))):
        return _told("a voice message", mail, (_SOUND,))
    if faxed and is_gateway and (named is None or named["fax"]):
        return _told("a fax", mail, (_FAXED,))
    return ""


def to_open(mail: Mail) -> str:
    """What a person must open to know what the mail is about, in words; '' where its text says it."""
    documents = [one for one in mail.attachments if _DOCUMENT.search(one.name) or one.content_type == "message/rfc822"]
    if not mail.whole.strip() and mail.attachments:
        return f"nothing was written in it: what it is about stands in {_names(documents or mail.attachments)}"
    if not documents or len(mail.text.split()) > _FEW:
        return ""
    points = _ATTACHED.search(mail.text.lower()) or len(mail.text.split()) <= _NONE
    is_message = any(_MESSAGE.search(one.name) or one.content_type == "message/rfc822" for one in documents)
    return f"what it is about may stand in {_names(documents)}: open it" if points or is_message else ""


def encrypted(mail: Mail) -> str:
    """How an encrypted mail is opened, in words; '' for mail that can be read."""
    kinds = {mail.content_type, *mail.parts}
    if kinds & {"application/x-microsoft-rpmsg-message", "application/vnd.ms-rpmsg", "application/x-rpmsg"} or any(
        one.name.lower().endswith(".rpmsg") for one in mail.attachments
    ):
        return "protected by rights management: open it in Outlook, or by the link in it"
    if kinds & {"application/pkcs7-mime", "application/x-pkcs7-mime"} and not mail.text:
        return "encrypted with S/MIME: only a mail program that has our certificate opens it"
    pgp = kinds & {"multipart/encrypted", "application/pgp-encrypted", "application/x-pgp-encrypted"}
    if pgp or mail.whole.lstrip().startswith("-----BEGIN PGP MESSAGE-----"):
        return "encrypted with PGP: only a mail program that has our key opens it"
    return ""


def _says_little(mail: Mail) -> bool:
    return len(mail.text.split()) <= 2 * _FEW


def _told(kind: str, mail: Mail, files: Sequence[re.Pattern[str]]) -> str:
    found = [one for one in mail.attachments if any(file.search(one.name) for file in files)]
    return f"{kind} that a gateway passes on: open {_names(found or mail.attachments)}" if mail.attachments else kind


def _names(attachments: Sequence[Attachment]) -> str:
    return ", ".join(one.name[:60] or one.content_type for one in attachments[:3])
