"""References and the keyed tokens that prove that we gave them.

A reference such as `7K3M-9QTX` names a mail (and the thread and ticket it began). It is short, can be read out on the
telephone (Crockford's base 32: no I, L, O or U). Two letters are the day the mail was sent; the others can't be guessed
from another one: they are cut from an HMAC of the mail's content hash. So it is the same each time the mail is judged.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

LOOP_HEADER = "X-Firstline-Loop"  # every mail of ours carries it
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DAYS = 1024  # what two letters can tell apart; then they come round again
_MISREAD = str.maketrans("OIL", "011")
_REF = r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"
REF = re.compile(rf"\b({_REF})\b", re.IGNORECASE)
_TOKEN = re.compile(rf"\b({_REF})\.([0-9a-z]{{1,12}})\.([0-9a-f]{{20}})\b", re.IGNORECASE)


_LINK = re.compile(r"([0-9A-Za-z:-]{1,40})\.([0-9a-f]{1,10})\.([0-9a-f]{32})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """What a signed link is about, and until when it is good."""

    subject: str
    expires: datetime


def normalise_ref(text: str) -> str:
    """What a person typed or said as a reference, in our spelling; '' when it can't be one."""
    bare = re.sub(r"[\s\-]", "", text).upper().translate(_MISREAD)
    if len(bare) != 8 or any(letter not in ALPHABET for letter in bare):
        return ""
    return f"{bare[:4]}-{bare[4:]}"


class Signer:
    """Makes and checks references and tokens with the key of `[security]`."""

    def __init__(self, key: bytes) -> None:
        self._keyed = hmac.new(key, digestmod=hashlib.sha256)

    def ref(self, content_hash: str, attempt: int = 0) -> str:
        """The reference of a mail; `attempt` counts up when another mail has it already.

        Those of mails that were sent on one day begin alike, so they lie side by side in the database: what a mail
        costs there does not grow with the mails before it.
        """
        number = int.from_bytes(self._mac("ref", f"{content_hash}:{attempt}")[:5], "big")  # 40 bits
        if day := content_hash.rpartition(" ")[0]:
            number = number & (1 << 30) - 1 | date.fromisoformat(day).toordinal() % DAYS << 30
        letters = "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
        return f"{letters[:4]}-{letters[4:]}"

    def token(self, ref: str, purpose: str) -> str:
        """`REF.purpose.mac`, to be recognised by `verify`."""
        return f"{ref}.{purpose}.{self._mac('token', f'{ref}.{purpose}').hex()[:20]}".lower()

    def message_id(self, ref: str, purpose: str, domain: str) -> str:
        """The one Message-ID under which the mail about `ref` for this purpose may ever be sent."""
        return f"<{self.token(ref, purpose)}@{domain}>"

    def verify(self, text: str) -> str:
        """The reference inside the first of our tokens in `text` (a Message-ID, a footer), '' when there is none."""
        return self.read(text)[0]

    def read(self, text: str) -> tuple[str, str]:
        """The same with the purpose that the token was made for."""
        for match in _TOKEN.finditer(text):
            ref, purpose = match[1].upper(), match[2].lower()
            if hmac.compare_digest(self.token(ref, purpose), match[0].lower()):
                return ref, purpose
        return "", ""

    def link(self, purpose: str, subject: str, expires: datetime) -> str:
        """What a link ends in: anybody can read what it is about, nobody without the key can make one."""
        until = f"{int(expires.timestamp()):x}"
        return f"{subject}.{until}.{self._link_mac(purpose, subject, until)}"

    def read_link(self, purpose: str, text: str) -> Link | None:
        """What we once made with `link` for this purpose, expired or not; None for everything else."""
        match = _LINK.fullmatch(text)
        if not match or not hmac.compare_digest(self._link_mac(purpose, match[1], match[2]), match[3]):
            return None
        return Link(subject=match[1], expires=datetime.fromtimestamp(int(match[2], 16), UTC))

    def _link_mac(self, purpose: str, subject: str, until: str) -> str:
        return self._mac("link", f"{purpose}:{subject}:{until}").hex()[:32]

    def pseudonym(self, what: str, value: str) -> str:
        """The same name for the same value, which nobody without the key can guess back: 16 hex digits."""
        return self._mac("pseudonym", f"{what}:{value}").hex()[:16]

    def person(self, folded: str) -> str:
        """The keyed hash that stands for somebody in training data, and after an erasure: see `pseudonym`."""
        return self.pseudonym("sender", folded)

    def _mac(self, use: str, text: str) -> bytes:
        # Not hmac.digest: it lets go of the interpreter lock, and a thread with a backlog waits long to get it again.
        mac = self._keyed.copy()
        mac.update(f"firstline:{use}:{text}".encode())
        return mac.digest()
