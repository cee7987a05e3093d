"""A webhook: any program of yours that takes a signed POST.

It can neither search nor tell how a ticket stands, so `find` and `standing` say None and `abilities` say why. That a
ticket is there only once is up to the receiver: each request carries the same `Idempotency-Key` however often it is
sent, and one that was seen before must be answered with 2xx and otherwise ignored. The ticket's id is our key.

What customers wrote is inert in it: the receiver may well be a chat, where `<!channel>` would call everybody and a link
would be ours. File names consist of letters, digits, dots and dashes.

Every request is signed: `X-Firstline-Signature: sha256=HEX`, the HMAC-SHA256 of the timestamp in
`X-Firstline-Timestamp` (seconds since 1970), a dot and the body. A receiver should refuse what is older than some
minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.clock import Clock, SystemClock
from pipeline.config.trackers import TrackerConfig
from pipeline.doors import CompilePayload
from pipeline.errors import ConfigError, RejectedError
from pipeline.http_client import Rest
from pipeline.records.filing import Ability, Change, Filing, OutsideStanding, OutsideTicket, Remark
from pipeline.trackers import texts

LARGEST = 1_000_000  # characters of a body
LONGEST_TEXT = 100_000
DEFAULT = "{{ everything | tojson }}"
_EMPTY = {"title": "", "text": "", "labels": [], "project": "", "owner": "", "priority": "", "status": "", "files": []}


class WebhookTracker:
    """A receiver of yours. A ticket's id is our key for it."""

    abilities = frozenset({Ability.OWNER, Ability.PRIORITY})
    lag = 0.0

    def __init__(
        self,
        name: str,
        section: str,
        settings: TrackerConfig,
        folder: Path,
        compile_payload: CompilePayload,
        clock: Clock | None = None,
    ) -> None:
        self.name, self.settings, self.clock = name, settings, clock or SystemClock()
        self._secret = settings.secret(folder, section).encode()
        self._render = _compiled(section, settings, folder, compile_payload)
        self.rest = Rest(section, settings, folder, base=settings.url)

    def check(self) -> str:
        """Sends the event `check`, which the receiver answers with 2xx and otherwise ignores."""
        self._post("check", "firstline-check", "", {})
        return f"webhook at {self.rest.where}"

    def find(self, key: str, project: str = "") -> OutsideTicket | None:
        """See doors.Tracker.find."""
        return None

    def open(self, filing: Filing) -> OutsideTicket:
        """See doors.Tracker.open."""
        about = {
            "title": texts.inert(texts.one_line(filing.title)),
            "text": texts.inert(texts.cut(filing.text, LONGEST_TEXT)),
            "labels": list(filing.labels),
            "project": filing.project or self.settings.project,
            "owner": filing.owner,
            "priority": filing.priority.value,
            "files": [texts.file_name(file.name) for file in filing.files],
        }
        self._post("open", filing.key, filing.key, about)
        return OutsideTicket(id=filing.key, url="")

    def comment(self, ticket: str, remark: Remark) -> None:
        """See doors.Tracker.comment."""
        names = [texts.file_name(file.name) for file in remark.files]
        text = texts.inert(texts.cut(remark.text, LONGEST_TEXT))
        self._post("comment", remark.key, ticket, {"text": text, "files": names})

    def update(self, ticket: str, change: Change) -> None:
        """See doors.Tracker.update."""
        about = {
            "status": change.status.value if change.status else "",
            "owner": change.owner,
            "priority": change.priority.value if change.priority else "",
        }
        # Each time another key: a ticket may be reopened twice, and the second time counts too.
        self._post("update", f"{ticket}-{self.clock.now():%Y%m%dT%H%M%S%f}", ticket, about)

    def standing(self, ticket: str) -> OutsideStanding | None:
        """See doors.Tracker.standing."""
        return None

    def erase(self, ticket: str) -> str:
        """See doors.Tracker.erase."""
        self._post("erase", f"{ticket}-erase", ticket, {})
        return ""

    def link(self, ticket: str) -> str:
        """See doors.Tracker.link."""
        return ""

    def close(self) -> None:
        """See doors.Tracker.close."""
        self.rest.close()

    def _post(self, event: str, key: str, ticket: str, about: Mapping[str, object]) -> None:
        everything = {"event": event, "key": key, "ticket": ticket, **_EMPTY, **about}
        body = self._rendered({**everything, "everything": everything}).encode()
        stamp = str(int(self.clock.now().timestamp()))
        mac = hmac.new(self._secret, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json" if _is_json(body) else "text/plain; charset=utf-8",
            "Idempotency-Key": key,
            "X-Firstline-Event": event,
            "X-Firstline-Timestamp": stamp,
            "X-Firstline-Signature": f"sha256={mac}",
        }
        self.rest.exchange("POST", "", heeded=False, content=body, headers=headers)

    def _rendered(self, values: Mapping[str, object]) -> str:
        try:
            body = self._render(values)
        except ValueError as error:
            raise self._unusable(str(error)) from error
        if len(body) > LARGEST:
            raise self._unusable(f"longer than {LARGEST} characters")
        return body

    def _unusable(self, what: str) -> RejectedError:
        return RejectedError(what[:300], where=self.settings.payload or "payload", remedy="correct the template there")


def _compiled(
    section: str, settings: TrackerConfig, folder: Path, compile_payload: CompilePayload
) -> Callable[[Mapping[str, object]], str]:
    """The operator's own template, or all we know as JSON."""
    try:
        source = (folder / settings.payload).read_text(encoding="utf-8") if settings.payload else DEFAULT
        return compile_payload(source)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"the template can't be used: {error}",
            where=f"config.toml, {section}.payload",
            remedy="a Jinja2 file in UTF-8; docs/trackers.md says what it may use",
        ) from error


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True
