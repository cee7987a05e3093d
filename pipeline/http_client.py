"""JSON over HTTP, as all outside trackers speak it: one thin client that says clearly what became of a request.

What matters most is the line between "surely not done" and "unknown". It is crossed when a change has been sent:
a connection that breaks, a server that fails (5xx) or talks nonsense afterwards leaves it unknown (UncertainError).
Nothing is tried again in here: the journal of effects does that. Neither texts nor secrets get into an error or a log.
"""

from __future__ import annotations

import base64
import json
import re
import ssl
import time
from collections.abc import Container, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Protocol, TypedDict, TypeVar, Unpack, cast
from urllib.parse import quote, urlsplit

import httpx2
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from pipeline.clock import SystemClock
from pipeline.config.values import is_loopback
from pipeline.errors import (
    ConfigError,
    DeferredError,
    FirstlineError,
    LoginError,
    MisshapenError,
    OneOrAllError,
    RejectedError,
    UncertainError,
    UnreachableError,
    network_words,
)
from pipeline.logs import mask

LARGEST = 2_000_000  # bytes of one answer
MOST_PAGES = 50
PATIENCE = 4  # times the time-out, for a whole answer that comes in drops
WORDS = 300  # characters of what the tracker says
LONGEST_WAIT = 3600.0  # seconds: no server is believed that asks for a longer pause
_NOTHING_SENT = (
    *(httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError),
    *(httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.LocalProtocolError),
)


class _TooMuchError(Exception):
    """More, or for longer, than anybody needs."""


class Shape(BaseModel):
    """What we read of an answer, and of which types it must be. What else is there does not matter."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)


Shaped = TypeVar("Shaped")


def read_as(shape: type[Shaped], data: object) -> Shaped:
    """The answer as we know it. Raises MisshapenError, which names the place but not what stood there."""
    try:
        return cast("Shaped", _adapter(cast("Hashable", shape)).validate_python(data))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(key) for key in first["loc"])
        raise MisshapenError(f"{where or 'all of it'}: {first['msg']}") from None


@cache
def _adapter(shape: Hashable) -> TypeAdapter[object]:
    """Made once, as that takes a millisecond."""
    return TypeAdapter(cast("type[object]", shape))


class Body(TypedDict, total=False):
    """What goes along with a request."""

    json: object
    content: bytes
    data: Mapping[str, str]
    files: Mapping[str, tuple[str, bytes, str]]  # field → name, content, content type
    headers: Mapping[str, str]


Params = Mapping[str, str | int]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the tracker said to one request."""

    status: int
    data: object  # the JSON, None when there is none


class HttpService(Protocol):
    """What a section of config.toml says of a service that we ask."""

    @property
    def url(self) -> str:
        """Where it is."""

    @property
    def timeout(self) -> timedelta:
        """For one answer."""

    def tls_context(self, base: Path, key: str) -> ssl.SSLContext:
        """What it must prove."""


class Rest:
    """One connection to one service: a tracker, a token server; used by one thread."""

    def __init__(
        self, section: str, settings: HttpService, folder: Path, *, path: str = "", base: str = "", **headers: str
    ) -> None:
        """`section`: of config.toml, for messages; `path`: of the interface below the service's URL, or `base` instead.
        Headers are written with _ for -. Nothing is connected yet. Raises ConfigError for a `ca_file` that is none."""
        self.section = section
        self.base = base or settings.url.rstrip("/") + path
        self.where = urlsplit(self.base).netloc
        self.timeout = settings.timeout.total_seconds()
        self._client = httpx2.Client(
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": "Firstline",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
            timeout=self.timeout,
            verify=_trusting(section, settings, folder, self.base),
            trust_env=not is_loopback(urlsplit(self.base).hostname or ""),  # proxies stand between us and others only
        )

    def get(self, shape: type[Shaped], path: str, params: Params | None = None) -> Shaped:
        """Reads. Raises RejectedError also for what does not exist, MisshapenError for what has another shape."""
        return read_as(shape, self.exchange("GET", path, params=params).data)

    def get_or_none(self, shape: type[Shaped], path: str, params: Params | None = None) -> Shaped | None:
        """Reads; None when it does not exist (any more)."""
        answer = self.exchange("GET", path, params=params, missing=True)
        return None if answer.status in (404, 410) or answer.data is None else read_as(shape, answer.data)

    def pages(self, shape: type[Shaped], path: str, params: Params, size: int) -> Iterator[Shaped]:
        """The entries of a list whose pages are numbered from 1 and hold `size` of them."""
        for page in range(1, MOST_PAGES + 1):
            found = self.get(list[object], path, {**params, "per_page": size, "page": page})
            yield from (read_as(shape, one) for one in found)
            if len(found) < size:
                return
        raise RejectedError(f"more than {MOST_PAGES} pages of {path}", where=self.where, remedy="look at that ticket")

    def send(self, method: str, path: str, body: object = None, **more: Unpack[Body]) -> object:
        """Changes something; what is said to it. `more`: `content` and `headers`, or `files`, for what is not JSON."""
        if body is not None:
            more["json"] = body
        return self.exchange(method, path, **more).data

    def delete(self, path: str, params: Params | None = None, **more: Unpack[Body]) -> None:
        """Removes something; what is not there (any more) is removed."""
        self.exchange("DELETE", path, params=params, missing=True, **more)

    def post(self, shape: type[Shaped], path: str, body: object = None, **more: Unpack[Body]) -> Shaped:
        """Makes something; what it is there. Raises MisshapenError when that does not say so."""
        return read_as(shape, self.send("POST", path, body, **more))

    def exchange(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        missing: bool = False,
        heeded: bool = True,
        telling: Container[int] = (),
        **body: Unpack[Body],
    ) -> Answer:
        """One request and its answer. `missing`: something that is not there is an answer like any other; `heeded`:
        what it says is JSON and matters; `telling`: statuses with which it says more than that it refuses."""
        writes = method != "GET"
        request = self._client.build_request(method, self.base + path, params=params, **body)
        try:
            response, raw = self._talk(request)
        except _NOTHING_SENT as error:
            raise self._unreachable(*network_words(_root(error))) from error
        except (httpx2.HTTPError, httpx2.StreamError, _TooMuchError) as error:
            words = _words_of(error)
            raise (self._uncertain(words[0]) if writes else self._unreachable(*words)) from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        if missing and response.status_code in (404, 410):
            return Answer(status=response.status_code, data=None)
        if response.status_code in telling:
            return Answer(status=response.status_code, data=self._json(raw, writes=False))
        if not 200 <= response.status_code < 300:
            raise self._refusal(response.status_code, headers, raw, writes=writes)
        data = self._json(raw, writes=writes) if heeded else None
        return Answer(status=response.status_code, data=data)

    def close(self) -> None:
        """Ends the connection."""
        self._client.close()

    def nonsense(self, what: str, *, writes: bool = False) -> FirstlineError:
        """The error for an answer that is not what this interface is known to say."""
        words = f"an answer that means nothing: {what}"
        return self._uncertain(words) if writes else self._unreachable(words, f"check url of [{self.section}]")

    def no_project(self, project: str) -> ConfigError:
        """The error for a project that the tracker does not show us."""
        return ConfigError(
            f"{self.where} has no '{project}', or does not show it to us",
            where=f"config.toml, {self.section}.project",
            remedy="check its name there, and the rights of our account",
        )

    # --- the connection -----------------------------------------------------------------------------------------------

    def _talk(self, request: httpx2.Request) -> tuple[httpx2.Response, bytes]:
        """Redirects are not followed: our token must not end up with somebody else."""
        until = time.monotonic() + self.timeout * PATIENCE
        response = self._client.send(request, stream=True)
        try:
            raw = b""
            for piece in response.iter_raw():
                raw += piece
                if len(raw) > LARGEST:
                    raise _TooMuchError(f"its answer is larger than {LARGEST} bytes")
                if time.monotonic() > until:
                    raise _TooMuchError("its answer does not end in time")
        finally:
            response.close()
        return response, raw

    def _json(self, raw: bytes, *, writes: bool) -> object:
        if not raw.strip():
            return None
        try:
            found: object = json.loads(raw)
        except ValueError:
            raise self.nonsense("it is not JSON", writes=writes) from None
        return found

    # --- what went wrong ----------------------------------------------------------------------------------------------

    def _refusal(self, status: int, headers: Mapping[str, str], raw: bytes, *, writes: bool) -> FirstlineError:
        said = f"{status} {_said(raw)}".strip()
        wait = wait_of(headers)
        if status in (429, 503) or (status == 403 and _asks_for_a_pause(headers, said, wait)):
            wait = wait or (A_PAUSE if _IN_WORDS.search(said) else 0.0)
            return self._unreachable(f"it asks for a pause: {said}", "nothing: we come back", wait)
        if status == 401:
            return self._login(said)
        if status == 403:
            return OneOrAllError(self._login(said))
        if 300 <= status < 400:
            host = urlsplit(headers.get("location", "")).netloc or "another place"
            remedy = f"set url and project of [{self.section}] to where it is now"
            return OneOrAllError(self._unreachable(f"it sends us to {host}", remedy))
        if status >= 500:
            return self._uncertain(said) if writes else self._unreachable(said, "look at the tracker's log")
        if status in (408, 412, 423):
            return DeferredError(said, where=self.where, remedy="it is tried again later")
        return RejectedError(said, where=self.where, remedy="what the tracker says tells why")

    def _login(self, said: str) -> LoginError:
        return LoginError(
            f"it does not accept our token, or does not let us do this: {said}",
            where=self.where,
            remedy=f"check username and token of [{self.section}], and the rights of that account",
        )

    def _unreachable(self, what: str, remedy: str, wait: float = 0) -> UnreachableError:
        return UnreachableError(what, where=self.where, remedy=remedy, retry_after=wait)

    def _uncertain(self, what: str) -> UncertainError:
        remedy = "it is looked for there before it is made again"
        return UncertainError(f"a change was on its way: {what}", where=self.where, remedy=remedy)


# A limit that is told in the body only: GitHub's secondary one, which wants a minute at least.
_IN_WORDS = re.compile(r"rate limit|abuse detection|too many requests", re.IGNORECASE)
A_PAUSE = 60.0


def _asks_for_a_pause(headers: Mapping[str, str], said: str, wait: float) -> bool:
    """With 403, which usually means that we may not."""
    return bool(wait or headers.get("x-ratelimit-remaining") == "0" or _IN_WORDS.search(said))


def _trusting(section: str, settings: HttpService, folder: Path, base: str) -> ssl.SSLContext:
    """Reading what this machine trusts takes 50 ms: only where it is needed."""
    if base.startswith("https:"):
        return settings.tls_context(folder, section)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody


def part(text: str) -> str:
    """A piece of a path, whatever is in it."""
    return quote(text, safe="")


def at(stamp: object) -> datetime | None:
    """A time in ISO 8601, None for what is none; without a zone it is UTC."""
    try:
        time_ = datetime.fromisoformat(str(stamp))
    except ValueError:
        return None
    return time_ if time_.tzinfo else time_.replace(tzinfo=UTC)


def _root(error: BaseException) -> BaseException:
    """What really happened below the client's own errors."""
    below: BaseException | None = error
    while below is not None and not isinstance(below, OSError):
        below = below.__cause__ or below.__context__
    return below or error


def _words_of(error: BaseException) -> tuple[str, str]:
    if isinstance(error, httpx2.TimeoutException):
        return network_words(TimeoutError())
    return network_words(_root(error))


def _said(raw: bytes) -> str:
    """The tracker's own words: those in its JSON, else nothing (a page of HTML says nothing to anybody)."""
    try:
        told = _strings(json.loads(raw[:100_000]))
    except ValueError:
        return ""
    return mask("; ".join(dict.fromkeys(" ".join(one.split()) for one in told if "://" not in one)))[:WORDS]


def _strings(value: object) -> Iterator[str]:
    match value:
        case str() if value.strip():
            yield value
        case list():
            for one in value:
                yield from _strings(one)
        case dict():
            for name, one in value.items():
                if name in _ECHOES:
                    continue
                told = list(_strings(one))
                yield from told if name in _TELLING else [f"{name}: {words}" for words in told]


_TELLING = ("message", "error", "errors", "errorMessages", "msg", "error_human")
_ECHOES = ("value", "input", "status", "documentation_url")  # what we sent, or what we know


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds that the tracker asks for: by Retry-After (seconds or a date), or by the time its limit is renewed."""
    now = _date(headers.get("date", "")) or SystemClock().now()  # its own clock, as its dates are meant by that
    asked, renewed = headers.get("retry-after", ""), headers.get("x-ratelimit-reset") or headers.get("ratelimit-reset")
    seconds = 0.0
    if asked.strip().isdigit():
        seconds = float(asked)
    elif date := _date(asked):
        seconds = (date - now).total_seconds()
    elif renewed and renewed.strip().isdigit() and headers.get("x-ratelimit-remaining", "0") == "0":
        seconds = float(renewed) - now.timestamp()
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def bearer_or_basic(username: str, token: str, scheme: str = "Bearer") -> str:
    """The Authorization header: name and password where there is a name, else the token alone."""
    if not username:
        return f"{scheme} {token}"
    return "Basic " + base64.b64encode(f"{username}:{token}".encode()).decode()
