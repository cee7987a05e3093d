"""Who is asking, whether they may, and how they are answered: what every page of the desk begins with.

A route of the desk names its action with `may_see` or `may_do`; what it does not name it can't do. A test walks over
all routes and asks each of them as everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Form, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.desk import accounts
from pipeline.desk.roles import may
from pipeline.errors import FirstlineError, NotFoundError
from pipeline.records.account import Account, DeskRole, Session
from pipeline.web import wordings
from pipeline.web.desk.translations import LANGUAGES, N_, Speech
from pipeline.web.site import PAGES, Site, client_of, site_of
from pipeline.wiring.live_doors import LiveDoors

ROLE_NAMES = {
    DeskRole.AGENT: N_("agent"),
    DeskRole.DATA: N_("data"),
    DeskRole.LEAD: N_("lead"),
    DeskRole.ADMIN: N_("admin"),
}
HOME = "/desk/today"
SIGN_IN = "/desk/sign-in"


class NotSignedInError(Exception):
    """The page is for people who are signed in."""


class ForbiddenError(Exception):
    """Not for this role; or the form did not come from a page of ours. `stale`: the page was too old."""

    def __init__(self, *, stale: bool = False) -> None:
        super().__init__("forbidden")
        self.stale = stale


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Somebody who is signed in looks at a page."""

    request: Request
    site: Site
    account: Account
    session: Session
    csrf: str

    @property
    def doors(self) -> LiveDoors:
        """All that is alive."""
        return self.site.doors

    @property
    def speech(self) -> Speech:
        """How this visitor is spoken to."""
        return speech_for(self.request, self.account.language)

    @property
    def topic_titles(self) -> Mapping[str, str]:
        """What each topic of [topics] is called in the language of this visitor."""
        language = self.speech.language
        return {name: topic.title.get(language, name) for name, topic in self.doors.config.topics.items()}

    def may(self, action: str) -> bool:
        """Is it for their role?"""
        return may(self.account.role, action)

    def show(self, page: str, status: int = 200, **values: object) -> HTMLResponse:
        """A page of theirs: `page` is the file below `pages`."""
        return show(self.request, page, status, visit=self, language=self.account.language, **values)

    def go(self, path: str) -> RedirectResponse:
        """On to another page of the desk, after something was done."""
        return RedirectResponse(self.site.prefix + own_path(path), 303)


@dataclass(kw_only=True)
class Acting:
    """Somebody who is signed in does something: a line in the audit log, begun before and closed after it."""

    visit: Visit
    action: str
    number: int  # of the line in the audit log
    closed: bool = field(default=False, init=False)

    @property
    def doors(self) -> LiveDoors:
        """All that is alive."""
        return self.visit.doors

    @property
    def who(self) -> str:
        """The address of whoever does it."""
        return self.visit.account.address

    def did(
        self, subject: str, before: Mapping[str, object] | None = None, after: Mapping[str, object] | None = None
    ) -> None:
        """It is done. `before` and `after`: what it changed, as JSON values; never a password or a whole mail."""
        self._close(subject, before or {}, after or {}, "done")

    def refused(self, why: str, subject: str = "") -> None:
        """It was not done. `subject`: '' for what the address names first."""
        if not self.closed:
            path = self.visit.request.path_params
            self._close(subject or str(next(iter(path.values()), "")), {}, {"why": why}, "refused")

    def go(self, path: str) -> RedirectResponse:
        """See Visit.go."""
        return self.visit.go(path)

    def _close(self, subject: str, before: Mapping[str, object], after: Mapping[str, object], outcome: str) -> None:
        self.doors.audit.close(self.number, subject=subject, before=before, after=after, outcome=outcome)
        self.closed = True


def may_see(action: str) -> Callable[[Request], Visit]:
    """A dependency of a page that changes nothing. Raises NotSignedInError, ForbiddenError."""

    def visiting(request: Request) -> Visit:
        visit = visit_of(request)
        if not visit.may(action):
            raise ForbiddenError
        return visit

    visiting.action = action  # type: ignore[attr-defined]  # for the test that asks every route as everybody
    return visiting


def may_do(action: str) -> Callable[..., Iterator[Acting]]:
    """A dependency of whatever changes something: from a form of ours, by somebody whose role may.

    Raises NotSignedInError, ForbiddenError.
    """

    def acting(
        request: Request, csrf: Annotated[str, Form()] = "", x_csrf: Annotated[str, Header()] = ""
    ) -> Iterator[Acting]:
        visit = visit_of(request)
        if not visit.may(action):
            raise ForbiddenError
        if not is_from_us(request) or visit.csrf not in (csrf, x_csrf):
            raise ForbiddenError(stale=True)
        doors = visit.doors
        number = doors.audit.begin(visit.account.address, action, client_of(request), doors.clock.now())
        one = Acting(visit=visit, action=action, number=number)
        try:
            yield one
        except Exception as error:
            one.refused(type(error).__name__)
            raise

    acting.action = action  # type: ignore[attr-defined]  # see may_see
    return acting


def visit_of(request: Request) -> Visit:
    """Who is signed in. Raises NotSignedInError."""
    site = site_of(request)
    secret = request.cookies.get(cookie_name(site), "")
    by_itself = request.method == "GET" and is_for_script(request)  # a page that is left open keeps nobody signed in
    found = accounts.session_of(site.doors, secret, in_use=not by_itself)
    if found is None:
        raise NotSignedInError
    session, account = found
    return Visit(request=request, site=site, account=account, session=session, csrf=accounts.csrf_of(secret))


def is_from_us(request: Request) -> bool:
    """Did a page of ours send this? What browsers say themselves; a page elsewhere can't change it.

    https://www.w3.org/TR/fetch-metadata/ and RFC 6454. A program that says neither has to know the token all the same.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = {request.headers.get("host", ""), urlsplit(site_of(request).doors.config.web.url).netloc}
    return urlsplit(origin).netloc in ours - {""}


def status_of(error: FirstlineError) -> int:
    """The status of the answer."""
    if error.temporary:
        return 503
    return 404 if isinstance(error, NotFoundError) else 422


def is_for_script(request: Request) -> bool:
    """Does our script ask, not the browser for a page?"""
    return request.headers.get("accept", "").startswith(("application/json", "text/event-stream"))


def cookie_name(site: Site) -> str:
    """With TLS nobody else may set it: https://www.rfc-editor.org/rfc/rfc6265 and its prefixes."""
    return "__Host-desk" if is_secure(site) else "desk"


def is_secure(site: Site) -> bool:
    """Do visitors come over TLS?"""
    return site.doors.config.web.url.startswith("https:")


def set_cookie(response: Response, site: Site, secret: str) -> None:
    """The browser is signed in; '' for not any more. No script sees it, and no other site makes it sent with a form."""
    response.set_cookie(
        cookie_name(site),
        secret,
        max_age=int(site.doors.config.desk.longest.total_seconds()) if secret else 0,
        path="/",
        secure=is_secure(site),
        httponly=True,
        samesite="lax",
    )


def own_path(path: str) -> str:
    """The same when it leads to a page of the desk, else to its first one: nobody is led elsewhere by a link to us."""
    parts = urlsplit(path.replace("\\", "/"))
    is_ours = not parts.scheme and not parts.netloc and path.startswith("/desk/") and "//" not in parts.path
    return path if is_ours and path.isprintable() else HOME


def way_back(request: Request) -> str:
    """Where somebody wanted to go who has to sign in first."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"{SIGN_IN}?next={quote(path, safe='')}" if path not in (HOME, "/desk", "/desk/") else SIGN_IN


def speech_for(request: Request, language: str = "") -> Speech:
    """`language`: that of the account, '' for what the browser asks for."""
    doors = site_of(request).doors
    asked = [request.query_params.get("lang", ""), *wordings.read_accepted(request.headers.get("accept-language", ""))]
    chosen = next((one for one in (language, *asked) if one in LANGUAGES), "en")
    return Speech(chosen, doors.config.calendar.timezone, doors.clock.now())


def show(
    request: Request,
    page: str,
    status: int = 200,
    *,
    visit: Visit | None = None,
    language: str = "",
    **values: object,
) -> HTMLResponse:
    """A page of the desk, for whoever it is."""
    site, speech = site_of(request), speech_for(request, language)
    given = {
        "_": speech.say,
        "ngettext": speech.count,
        "speech": speech,
        "language": speech.language,
        "languages": LANGUAGES,
        "prefix": site.prefix,
        "company": site.doors.config.replies.company,
        "visit": visit,
        "me": visit.account if visit else None,
        "csrf": visit.csrf if visit else "",
        "may": visit.may if visit else (lambda _action: False),
        "path": request.url.path,
        "query": request.url.query,
        "static": STATIC,
        "role_names": ROLE_NAMES,
        **values,
    }
    return PAGES.TemplateResponse(request, page, given, status_code=status, headers=HEADERS)


HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",  # with none at all browsers would not say where a form comes from
}
STATIC: dict[str, str] = {}  # name of a file → its address with a hash in it, see `static.py`
