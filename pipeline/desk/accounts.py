"""Accounts and signing in: passwords, links that are good once, sessions, and how many wrong passwords there may be."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from pipeline.desk.doors import AccountDoors
from pipeline.errors import NotFoundError, UsageError
from pipeline.records.account import Account, DeskRole, Session

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
SHORTEST, LONGEST = 12, 1000  # letters of a password (NIST SP 800-63B asks for 8 at least, and no rules about kinds)
INVITED_FOR = timedelta(days=3)  # how long a link is good in which a password is chosen
SEEN_EVERY = timedelta(minutes=1)  # how exactly it is known when a session was used last
REFUSED_FOR = timedelta(minutes=15)  # for so long a wrong password counts against the address that it came from
MOST_REFUSED = 10  # wrong passwords from one address within that
ATTACKED_FOR, MOST_ATTACKED = timedelta(hours=1), 100  # the same for one account, from wherever they come
_hashing = threading.Semaphore(2)  # each takes 64 MB: a crowd at the door must not take all there is


class SignInError(UsageError):
    """No, and not why: a wrong password and an account that is none look alike. `waits`: too many were wrong."""

    def __init__(self, *, waits: bool = False) -> None:
        super().__init__("too many wrong passwords came from there" if waits else "address or password is wrong")
        self.waits = waits


def folded(address: str) -> str:
    """A user name as it is kept. Raises UsageError for what is no e-mail address."""
    name = address.strip().lower()
    if len(name) > 254 or not _ADDRESS.fullmatch(name):
        raise UsageError(f"'{address.strip()[:80]}' is no e-mail address", remedy="user names are e-mail addresses")
    return name


def name_of(text: str) -> str:
    """What somebody is called, on one line: it stands under letters."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:100]


def role_of(name: str) -> DeskRole:
    """Raises UsageError."""
    if name not in list(DeskRole):
        raise UsageError(f"there is no role '{name}'", remedy=f"one of {', '.join(DeskRole)}")
    return DeskRole(name)


def add(doors: AccountDoors, address: str, name: str, role: DeskRole) -> Account:
    """A new account, without a password. Raises UsageError where there is one."""
    now = doors.clock.now()
    new = Account(address=folded(address), name=name_of(name), role=role, created=now)
    if not doors.accounts.add(new):
        raise UsageError("there is such an account", where=new.address, remedy="see `firstline user list`")
    return new


def check_password(address: str, password: str) -> None:
    """Raises UsageError for one that is too easily guessed."""
    if len(password) < SHORTEST or len(password) > LONGEST:
        raise UsageError(f"a password has {SHORTEST} letters at least", remedy="take four words that nobody expects")
    if len(set(password)) < 5 or password.lower() in (address, address.partition("@")[0]):
        raise UsageError("that password is easily guessed", remedy="take four words that nobody expects")


def set_password(doors: AccountDoors, address: str, password: str, but: str = "") -> None:
    """Everybody who is signed in with the account has to sign in again, `but` this session. Raises UsageError."""
    check_password(address, password)
    doors.accounts.set_password(address, _hash(password))
    doors.sessions.end_all(address, but)


def invite(doors: AccountDoors, address: str) -> str:
    """The secret of a link in which they choose a password, once. Raises NotFoundError, UsageError."""
    found = doors.accounts.get(folded(address))
    if found.disabled:
        raise UsageError("this account is disabled", where=found.address, remedy="enable it first: user enable")
    secret, now = secrets.token_urlsafe(32), doors.clock.now()
    doors.accounts.invite(found.address, hashed(secret), now + INVITED_FOR, now)
    return secret


def link_of(doors: AccountDoors, secret: str) -> str:
    """Where it is used, as the reader of `[web] url` reaches the pages."""
    web = doors.config.web
    host = f"[{web.host}]" if ":" in web.host else web.host
    return f"{web.url or f'http://{host}:{web.port}'}/desk/invitation/{secret}"


def invited(doors: AccountDoors, secret: str) -> Account | None:
    """Whom a link lets in; None when it is good no more."""
    return doors.accounts.invited(hashed(secret), doors.clock.now())


def open_door(doors: AccountDoors, address: str) -> str:
    """The secret of a link that signs somebody in, once, without a password: for the demonstration."""
    secret, now = secrets.token_urlsafe(32), doors.clock.now()
    doors.accounts.invite(address, hashed(f"enter:{secret}"), now + INVITED_FOR, now)
    return secret


def walk_in(doors: AccountDoors, secret: str) -> str:
    """Whom such a link signs in; '' when it is good no more."""
    return doors.accounts.use_invitation(hashed(f"enter:{secret}"), doors.clock.now())


def accept(doors: AccountDoors, secret: str, password: str) -> str:
    """Chooses the password; the account. Raises UsageError for a bad one, NotFoundError for a link that is over."""
    now = doors.clock.now()
    found = invited(doors, secret)
    if found is None:
        raise NotFoundError("this link is good no more")
    check_password(found.address, password)
    if not doors.accounts.use_invitation(hashed(secret), now):
        raise NotFoundError("this link is good no more")
    set_password(doors, found.address, password)
    return found.address


def disable(doors: AccountDoors, address: str) -> None:
    """They are signed out everywhere, and can't sign in. Raises UsageError for the last admin, NotFoundError."""
    found = doors.accounts.get(folded(address))
    _keep_an_admin(doors, found)
    doors.accounts.disable(found.address, doors.clock.now())
    doors.sessions.end_all(found.address)


def enable(doors: AccountDoors, address: str) -> None:
    """They may sign in again. Raises NotFoundError."""
    doors.accounts.disable(folded(address), None)


def change_role(doors: AccountDoors, address: str, role: DeskRole) -> None:
    """Counts from their next click on. Raises UsageError for the last admin, NotFoundError."""
    found = doors.accounts.get(folded(address))
    if role is not DeskRole.ADMIN:
        _keep_an_admin(doors, found)
    doors.accounts.change(found.address, role=role)


def _keep_an_admin(doors: AccountDoors, leaving: Account) -> None:
    if leaving.role is DeskRole.ADMIN and not leaving.disabled and doors.accounts.count_of(DeskRole.ADMIN) == 1:
        raise UsageError("nobody else is admin", where=leaving.address, remedy="give somebody else that role first")


def sign_in(doors: AccountDoors, address: str, password: str, client: str) -> Account:
    """Whose name and password these are. Raises SignInError.

    Ten wrong ones, and that address waits; the right person elsewhere gets in. An account that is tried from many
    addresses lets in only those who have been there from theirs.
    """
    name, now = address.strip().lower(), doors.clock.now()
    _admit(doors, name, client, now)
    found, kept = doors.accounts.find(name), doors.accounts.password_of(name)
    is_right = _is_right(kept or _nobodys(), password[: LONGEST + 1])  # takes as long for an account that is none
    if not is_right or not kept or found is None or found.disabled:
        doors.sessions.refuse(hashed(name), client, now)
        raise SignInError
    doors.sessions.forgive(hashed(name), client)
    return found


def _admit(doors: AccountDoors, name: str, client: str, now: datetime) -> None:
    if doors.sessions.refusals(now - REFUSED_FOR, client=client) >= MOST_REFUSED:
        raise SignInError(waits=True)
    attacked = doors.sessions.refusals(now - ATTACKED_FOR, account=hashed(name)) >= MOST_ATTACKED
    if attacked and not doors.sessions.has_been_there(name, client):
        raise SignInError(waits=True)


def recognise(doors: AccountDoors, address: str, name: str, groups: frozenset[str]) -> Account:
    """Whom a provider knows. With [desk.oidc] roles their groups say what they are here for, and who is new gets an
    account; without, only who has one is let in. Raises UsageError."""
    who, roles = folded(address), doors.config.desk.oidc.roles if doors.config.desk.oidc else {}
    found, role = doors.accounts.find(who), _most_powerful(role for group, role in roles.items() if group in groups)
    if found and found.disabled:
        raise UsageError("this account is disabled", where=who)
    if roles and role is None:
        raise UsageError("none of your groups has a role here", where=who)
    if found is None:
        if role is None:
            raise UsageError("there is no such account", where=who)
        return add(doors, who, name, role)
    if role and role is not found.role:
        change_role(doors, who, role)
    return doors.accounts.get(who)


def _most_powerful(roles: Iterable[DeskRole]) -> DeskRole | None:
    """Of several the last in the order in which they are declared."""
    order = list(DeskRole)
    return max(roles, key=order.index, default=None)


def begin_session(doors: AccountDoors, address: str, client: str, browser: str, before: str = "") -> str:
    """The secret of the cookie. `before`: what this browser had in it, which opens nothing from now on."""
    secret, now = secrets.token_urlsafe(32), doors.clock.now()
    doors.sessions.begin(
        Session(id=hashed(secret), account=address, begun=now, seen=now, client=client, browser=browser[:200]),
        ended=hashed(before) if before else "",
    )
    doors.accounts.note_signed_in(address, now)
    doors.sessions.tidy(now - doors.config.desk.idle, now - ATTACKED_FOR)
    return secret


def session_of(doors: AccountDoors, secret: str, *, in_use: bool = True) -> tuple[Session, Account] | None:
    """Who is signed in with this cookie; None for nobody. `in_use`: a person does something, so it is not idle."""
    if not secret or len(secret) > 100:
        return None
    now, times = doors.clock.now(), doors.config.desk
    session = doors.sessions.find(hashed(secret), now - times.idle, now - times.longest)
    found = doors.accounts.find(session.account) if session else None
    if session is None or found is None or found.disabled:
        return None
    if in_use and now - session.seen >= SEEN_EVERY:
        doors.sessions.note_seen(session.id, now)
    return session, found


def sessions_of(doors: AccountDoors, address: str) -> list[Session]:
    """Where somebody is signed in."""
    now, times = doors.clock.now(), doors.config.desk
    return doors.sessions.of(address, now - times.idle, now - times.longest)


def csrf_of(secret: str) -> str:
    """What every form of a session carries: nobody can make it who does not have the cookie."""
    return hashed(f"csrf:{secret}")


def hashed(secret: str) -> str:
    """As it is kept. The secrets are long and drawn by lot, so nothing slower than SHA-256 is needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@cache
def _hasher() -> PasswordHasher:
    """Argon2id with the library's parameters (RFC 9106, the second recommended choice): 64 MB, 3 passes, 4 lanes."""
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hash(secrets.token_urlsafe(16))


def _hash(password: str) -> str:
    with _hashing:
        return _hasher().hash(password)


def _is_right(kept: str, password: str) -> bool:
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        with _hashing:
            return _hasher().verify(kept, password)
    except (Argon2Error, InvalidHashError):
        return False
