"""The key of `[security]`: made once, at the very beginning, and never again behind anybody's back.

Models, references, Message-IDs and links are good only under the key that signed them. So a key file that is missing
where something was signed before has been lost, and a new one would quietly refuse all of it.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import closing
from pathlib import Path

from pipeline.config.settings import Config
from pipeline.errors import ConfigError
from pipeline.store.database import Database


def key_of(config: Config) -> bytes:
    """The key; its file is made where this installation has signed nothing yet. Raises ConfigError."""
    secret = config.security.key
    if secret.file:
        path = config.at(secret.file)
        if not path.exists():
            signed = _signed_before(config)
            if signed and not path.exists():  # looked again: another command may have begun meanwhile
                raise ConfigError(
                    f"the key {path} is missing, and {signed} with it",
                    where=f"{config.path}, security.key",
                    remedy="put back your copy of it. Only if it is lost for good, make another "
                    f"(umask 077; openssl rand -hex 32 > {path}) and a new model (firstline model train)",
                )
            _make(path)
    return config.key()


def _signed_before(config: Config) -> str:
    """What there is that only the key can prove to be ours, in words; '' where all is new."""
    from pipeline.learn.version import versions_in

    if versions_in(config.at(config.classify.models)):
        return "models were signed"
    with closing(Database(config.store_url())) as database:
        return "mails were answered" if database.holds_mail() else ""


def _make(path: Path) -> None:
    """Whole or not at all: nobody ever reads a key that is half written, and the first one made stays."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".key-", dir=path.parent)  # for this user only
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(name, path)
        except FileExistsError:  # another command was faster
            pass
        finally:
            os.unlink(name)
        _sync(path.parent)
    except OSError as error:
        raise ConfigError(
            f"the key {path} can't be made: {error.strerror}",
            where="config.toml, security.key",
            remedy=f"check the rights on the folder, or make it yourself: umask 077; openssl rand -hex 32 > {path}",
        ) from error


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
