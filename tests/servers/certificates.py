"""A throw-away certificate authority."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificates:
    """What one authority has signed, as files."""

    folder: Path
    authority: trustme.CA

    @classmethod
    def make(cls, folder: Path) -> Certificates:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(folder / "ca.pem")
        return cls(folder, authority)

    @property
    def ca_file(self) -> Path:
        """What a client must trust."""
        return self.folder / "ca.pem"

    def issue(self, *names: str, expired: bool = False) -> tuple[Path, Path]:
        """A certificate for these names (and its key)."""
        past = datetime(2020, 1, 1, tzinfo=UTC)
        issued = self.authority.issue_cert(*names, **({"not_after": past} if expired else {}))
        stem = f"{names[0]}-{'expired' if expired else 'valid'}"
        certificate, key = self.folder / f"{stem}.pem", self.folder / f"{stem}.key"
        for number, blob in enumerate(issued.cert_chain_pems):
            blob.write_to_path(certificate, append=number > 0)
        issued.private_key_pem.write_to_path(key)
        return certificate, key

    def server_context(self, *names: str, expired: bool = False) -> ssl.SSLContext:
        """For a server in our own process."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*self.issue(*names, expired=expired))
        return context
