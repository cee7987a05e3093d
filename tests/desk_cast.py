"""The people of the desk, and browsers in which they are signed in."""

from __future__ import annotations

from urllib.parse import urlsplit

import argon2
import pytest
from fastapi.testclient import TestClient

from pipeline.desk import accounts
from pipeline.records.account import DeskRole
from pipeline.web.app import make_app
from pipeline.wiring.live_doors import LiveDoors

PASSWORD = "four words nobody expects"
CAST = {role: f"{role}@example.com" for role in DeskRole}
NAMES = {
    DeskRole.AGENT: "Anna Agent",
    DeskRole.DATA: "Dora Data",
    DeskRole.LEAD: "Lea Lead",
    DeskRole.ADMIN: "Adam Admin",
}


def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password costs 64 MB and a tenth of a second, which is the point of it, but not here."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", lambda: cheap)
    accounts._nobodys.cache_clear()


def hire(doors: LiveDoors, *, with_passwords: bool = False) -> None:
    """One of each role."""
    for role, address in CAST.items():
        accounts.add(doors, address, NAMES[role], role)
        if with_passwords:
            accounts.set_password(doors, address, PASSWORD)


class DeskBrowser(TestClient):
    """A browser at the desk: follows no redirects, sends what pages of ours send."""

    def __init__(self, doors: LiveDoors, address: str = "") -> None:
        base = doors.config.web.url or "http://127.0.0.1"
        super().__init__(make_app(doors), base_url=base, raise_server_exceptions=False, follow_redirects=False)
        self.doors, self.cookie = doors, "__Host-desk" if base.startswith("https:") else "desk"
        if address:
            self.let_in(accounts.begin_session(doors, address, "testclient", "a browser"))

    def let_in(self, secret: str) -> None:
        """As after signing in."""
        self.cookies.set(self.cookie, secret, domain=urlsplit(str(self.base_url)).hostname or "", path="/")

    @property
    def secret(self) -> str:
        """What is in the cookie, '' for none."""
        return self.cookies.get(self.cookie) or ""

    def submit(self, path: str, **fields: str) -> object:
        """Sends a form of a page."""
        return self.post(path, data={"csrf": accounts.csrf_of(self.secret), **fields})


def browser_of(doors: LiveDoors, role: DeskRole) -> DeskBrowser:
    """One in which somebody of this role is signed in."""
    return DeskBrowser(doors, CAST[role])
