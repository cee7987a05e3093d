"""What single providers want: ID before a folder is opened, folders that are named by what they are for."""

from __future__ import annotations

from pathlib import Path

import pytest
from imapclient import IMAPClient

from pipeline.errors import UnreachableError
from tests.conftest import missing
from tests.doors.test_mailbox import HOST, box, everything, letter
from tests.servers.dovecot import Dovecot, is_installed
from tests.servers.proxy import Proxy

# As Gmail has it, in German: a message lies in INBOX and in All Mail, and each label is a folder.
GMAIL = """
namespace inbox {
  mailbox "[Gmail]/Alle Nachrichten" {
    auto = create
    special_use = \\All
  }
}
"""


@pytest.fixture(scope="module")
def gmail() -> object:
    if not is_installed():
        missing("Dovecot is not installed: make test-services")
    with Dovecot(more=GMAIL) as server:
        yield server


def commands(said: list[bytes]) -> list[str]:
    lines = b"".join(said).split(b"\r\n")
    return [line.split()[1].decode() for line in lines if len(line.split()) > 1]


def test_what_we_are_is_said_before_a_folder_is_opened(dovecot: Dovecot, secret: Path) -> None:
    """163.com and 126.com open none before."""
    with Proxy(dovecot.imap_port) as proxy:
        said: list[bytes] = []
        proxy.on_client = lambda data: said.append(data) or data
        mailbox = box(proxy.port, dovecot.fresh_user(), secret)
        mailbox.open()
        mailbox.close()
    told = [name for name in commands(said) if name in ("LOGIN", "ID", "EXAMINE")]
    assert told == ["LOGIN", "ID", "EXAMINE"]
    assert b'"Firstline"' in b"".join(said)


@pytest.mark.parametrize("answer", [b"NO not now", b"BAD what", b"OK [X"])
def test_a_server_that_stumbles_over_what_we_are_is_used_all_the_same(
    dovecot: Dovecot, secret: Path, answer: bytes
) -> None:
    with Proxy(dovecot.imap_port) as proxy:

        def spoilt(data: bytes) -> bytes:
            return data.replace(b"OK ID completed", answer)

        proxy.on_server = spoilt
        mailbox = box(proxy.port, dovecot.fresh_user(), secret)
        assert mailbox.open().uidvalidity
        mailbox.close()


def test_a_server_that_does_not_ask_is_not_told(dovecot: Dovecot, secret: Path) -> None:
    with Proxy(dovecot.imap_port) as proxy:
        said: list[bytes] = []
        proxy.on_client = lambda data: said.append(data) or data
        proxy.on_server = lambda data: data.replace(b" ID ", b" ")
        mailbox = box(proxy.port, dovecot.fresh_user(), secret)
        mailbox.open()
        mailbox.close()
    assert "ID" not in commands(said)


def test_all_mail_is_found_by_its_use_whatever_it_is_called(gmail: Dovecot, secret: Path) -> None:
    user = gmail.fresh_user()
    with IMAPClient(HOST, gmail.imap_port, ssl=False, timeout=60) as client:
        client.login(user, "pw-support")
        client.append("[Gmail]/Alle Nachrichten", letter(1))
    mailbox = box(gmail.imap_port, user, secret, folder="\\All")
    mailbox.open()
    (mail,) = everything(mailbox)
    mailbox.close()
    assert b"letter 1" in mail.raw


def test_a_label_is_a_folder_to_move_to(gmail: Dovecot, secret: Path) -> None:
    user = gmail.fresh_user()
    gmail.deliver(letter(1), user)
    mailbox = box(gmail.imap_port, user, secret, done="move:Firstline/Answered")
    mailbox.open()
    mails = everything(mailbox)
    mailbox.mark([mail.location for mail in mails])
    mailbox.close()
    moved = box(gmail.imap_port, user, secret, folder="Firstline/Answered")
    moved.open()
    assert len(everything(moved)) == 1
    moved.close()


def test_a_server_without_such_a_folder_says_which_there_are(dovecot: Dovecot, secret: Path) -> None:
    mailbox = box(dovecot.imap_port, dovecot.fresh_user(), secret, folder="\\All")
    with pytest.raises(UnreachableError) as caught:
        mailbox.open()
    mailbox.close()
    assert "INBOX" in caught.value.remedy
