"""One tree of errors. Each says what happened, where, and what to do; and whether waiting may help."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime


class ExitCode:
    """Exit codes of the command `firstline`."""

    DONE = 0
    PROBLEM = 1
    USAGE = 2
    UNREACHABLE = 3
    DAMAGED = 4


def readable(text: str) -> str:
    """For a terminal: what could command it, or turn a line round, is shown as an escape."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in "\n\t" else _escaped(one) for one in text)


def _escaped(letter: str) -> str:
    return letter if unicodedata.category(letter) == "Zs" else ascii(letter)[1:-1]


class _ConfigFile:
    """How errors name the configuration file: as the user has."""

    usual = name = "config.toml"


def name_config_file(path: str) -> None:
    """From now on errors name it so."""
    _ConfigFile.name = path


class FirstlineError(Exception):
    """What a user can meet. `what` is a sentence, `where` a file, key or server, `remedy` the next step.

    Each of them may quote what a server, a file or a mail says: it is made readable.
    """

    exit_code = ExitCode.PROBLEM
    temporary = False
    topic = ""  # `firstline help TOPIC` tells more of it

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(readable(what))
        if where.startswith(_ConfigFile.usual):
            where = _ConfigFile.name + where.removeprefix(_ConfigFile.usual)
        self.what, self.where, self.remedy = readable(what), readable(where), readable(remedy)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  → {self.remedy}" if self.remedy else text


class UsageError(FirstlineError):
    """Wrong use of a command."""

    exit_code = ExitCode.USAGE


class TooLittleToLearnError(UsageError):
    """There is too little labelled mail, or it is too alike: label more."""

    topic = "learning"


class ChangedMeanwhileError(UsageError):
    """Somebody else has done something to a case since it was looked at: nothing of theirs is overwritten.

    `happened`: each with when it was, who it was ('' for the machine), and what, in words.
    """

    def __init__(self, ref: str, happened: Sequence[tuple[datetime, str, str]]) -> None:
        words = "; ".join(f"{who or 'the machine'}: {what}" for _, who, what in happened)
        super().__init__(
            f"it has changed since you looked at it ({words})", where=ref, remedy="look again, then decide"
        )
        self.happened = tuple(happened)


class ConfigError(UsageError):
    """Something in the configuration file is wrong; `where` names file and key."""

    topic = "configuration"


class NotFoundError(FirstlineError):
    """There is no such mail, ticket or version."""

    exit_code = ExitCode.USAGE


class DamagedError(FirstlineError):
    """Stored data is damaged or comes from a newer version."""

    topic = "restore"
    exit_code = ExitCode.DAMAGED


class UnusableModelError(DamagedError):
    """A model version that must not be, or can't be, loaded."""

    topic = "model"


class UnreachableError(FirstlineError):
    """A server can't be reached or refuses us; nothing was done there. Waiting may help.

    `retry_after`: seconds for which the server asks for a pause, 0 when it says nothing.
    """

    topic = "unreachable"
    exit_code = ExitCode.UNREACHABLE
    temporary = True

    def __init__(self, what: str, *, where: str = "", remedy: str = "", retry_after: float = 0) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.retry_after = retry_after


class LoginError(UnreachableError):
    """The server answers but does not accept our name and password (they may be corrected without a restart)."""

    topic = "login"


class TurnedAwayError(UnreachableError):
    """The server answers and does not want us now: a limit, a quota, a policy. What lasts is tried ever less often."""

    topic = "refused"


class SenderRefusedError(TurnedAwayError):
    """It takes no letters of ours, whoever they go to: a quota, a right, a policy, a rate. A person can mend that."""


class OneOrAllError(UnreachableError):
    """A service refuses something by a word that may be about this one ticket or about us. `whole`: the error in the
    second case."""

    def __init__(self, whole: UnreachableError) -> None:
        super().__init__(whole.what, where=whole.where, remedy=whole.remedy, retry_after=whole.retry_after)
        self.whole = whole


class DeferredError(FirstlineError):
    """The server said "not now" about this one message (4xx). `unclear`: its words may well be said to everybody."""

    topic = "refused"
    temporary = True

    def __init__(self, what: str, *, where: str = "", remedy: str = "", unclear: bool = False) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.unclear = unclear


class RejectedError(FirstlineError):
    """The server said "never" about this one message (5xx). `recipient_unknown`: it is the address that is refused;
    `unclear`: its words may well be said to everybody."""

    topic = "refused"

    def __init__(
        self, what: str, *, where: str = "", remedy: str = "", recipient_unknown: bool = False, unclear: bool = False
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.recipient_unknown, self.unclear = recipient_unknown, unclear


class UncertainError(FirstlineError):
    """The connection broke when the message was already on its way: it may or may not have been accepted."""

    topic = "uncertain"
    temporary = True


class TemplateError(FirstlineError):
    """A reply template can't be used."""

    topic = "templates"


def network_words(error: BaseException) -> tuple[str, str]:
    """What a failed connection means and what to do about it: the doors' words for UnreachableError."""
    import socket
    import ssl

    match error:
        case ssl.SSLCertVerificationError():
            return (
                f"its certificate is not accepted: {error.verify_message}",
                "renew or correct the certificate on the server; for one of your own authority set ca_file",
            )
        case ssl.SSLError():
            return (
                f"the encrypted connection fails: {error.reason or error}",
                'check port and security together: "tls" from the start (993, 465) or "starttls" (143, 587)',
            )
        case socket.gaierror():
            return "there is no server of this name", "check host, and the name service of this machine"
        case TimeoutError():
            return "it does not answer in time", "check host, port and any firewall between; or set a longer timeout"
        case ConnectionRefusedError():
            return "nothing listens there", "check host and port, and whether the server runs"
        case _ if isinstance(error.__context__, OSError):
            return network_words(error.__context__)  # smtplib and imaplib wrap what really happened
        case _:
            said = " ".join(str(error).split())[:200]
            return f"the connection was closed unexpectedly: {said or type(error).__name__}", "look at the server's log"


class MisshapenError(ValueError):
    """An answer is not what its interface is known to say. Whether anything was done is for the caller to tell."""
