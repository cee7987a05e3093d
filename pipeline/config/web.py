"""[web]: the pages and the API."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import field_validator

from pipeline.config.values import Duration, Rate, RateText, SecretRef, Section, is_loopback

NO_PROXY = "the pages don't start: behind a proxy that is not named here, all visitors would share one limit"
NAME_PROXY = 'write proxy = "127.0.0.1", the address from which your proxy connects; it must set X-Forwarded-For'


class WebConfig(Section):
    """[web]: the pages for customers, the API, and what monitors ask."""

    enabled: bool = False
    listen: str = "127.0.0.1:8025"
    url: str = ""
    proxy: str = ""
    token: SecretRef | None = None
    form: bool = False
    limit: RateText = Rate(count=20, window=timedelta(hours=1))
    link_expires: Duration = timedelta(days=90)

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or not int(port) < 65536:
            raise ValueError("host and port, like 127.0.0.1:8025 or [::1]:8025")
        return value

    @field_validator("url")
    @classmethod
    def _base_of_links(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))):
            raise ValueError("https://support.example.com, as customers reach the pages; http only on this machine")
        if parts.query or parts.fragment or parts.username:
            raise ValueError("only scheme, host and perhaps a path")
        return value.rstrip("/")

    @property
    def proxy_is_missing(self) -> bool:
        """Customers come from elsewhere and we listen only on this machine, so there is a proxy: which one?"""
        outside = urlsplit(self.url).hostname
        return bool(outside and not is_loopback(outside) and is_loopback(self.host) and not self.proxy.strip())

    @property
    def host(self) -> str:
        """Where the pages listen, without the port."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port that the pages listen on."""
        return int(self.listen.rpartition(":")[2])
