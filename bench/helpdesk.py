"""django-helpdesk's `get_email` over a mailbox, for the bench of the whole way (bench/pipeline.py) to be compared with.

`.venv-bench/bin/python -m bench.helpdesk IMAP_PORT USER PASSWORD SMTP_PORT FOLDER`, once `make .venv-bench/ready` has
made that environment. In the folder it makes a project as their documentation says: an SQLite database, the templates
of the app, one queue that reads the mailbox over IMAP, answers over Django's SMTP backend. Then `get_email` runs once.
Prints as JSON how many mails lay there, tickets and accepted answers came about and mails are left, the seconds, and
the errors, of which the last is what stopped it, if it stopped: the command itself ends with exit code 0 then, too.
"""

from __future__ import annotations

import imaplib
import json
import logging
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

HOST = "127.0.0.1"
SLUG = "support"
ADDRESS = "support@example.com"
URLS = """\
from django.urls import include, path

urlpatterns = [path("helpdesk/", include("helpdesk.urls", namespace="helpdesk"))]
"""


class Troubles(logging.Handler):
    """Keeps what is logged as an error: nothing else tells that a run has stopped."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps what was logged as an error."""
        cause = record.exc_info[1] if record.exc_info else None
        self.found.append(f"{record.getMessage()} ({cause!r})" if cause else record.getMessage())


def main(imap_port: int, user: str, password: str, smtp_port: int, folder: Path) -> None:
    """Lets it read the mailbox once. Prints JSON: mails, seconds, tickets, answers, what is left, errors."""
    project(folder, smtp_port)
    queue(imap_port, user, password)
    troubles = Troubles()
    logging.getLogger(f"django.helpdesk.queue.{SLUG}").addHandler(troubles)
    mails = waiting(imap_port, user, password)
    began = time.perf_counter()
    call_command("get_email")
    seconds = time.perf_counter() - began
    left = waiting(imap_port, user, password)
    found = {"version": version("django-helpdesk"), "mails": mails, "left": left, **count_made(), "seconds": seconds}
    print(json.dumps({**found, "errors": troubles.found}))


def project(folder: Path, smtp_port: int) -> None:
    """Settings, its pages (letters link to them), the tables, and its templates, without which it does not answer."""
    (folder / "helpdesk_urls.py").write_text(URLS, encoding="utf-8")
    sys.path.insert(0, str(folder))
    settings.configure(**_settings(folder, smtp_port))
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)


def _settings(folder: Path, smtp_port: int) -> dict[str, Any]:
    contrib = [f"django.contrib.{app}" for app in "auth contenttypes sessions sites messages admin humanize".split()]
    return {
        "DEBUG": False,
        "SECRET_KEY": "of a throw-away project",
        "SITE_ID": 1,
        "USE_TZ": True,
        "INSTALLED_APPS": [*contrib, "rest_framework", "django_cleanup", "helpdesk"],
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "helpdesk.db"}},
        "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        "ROOT_URLCONF": "helpdesk_urls",
        "MEDIA_ROOT": folder / "media",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": HOST,
        "EMAIL_PORT": smtp_port,
        "HELPDESK_TEAMS_MODE_ENABLED": False,  # or it wants packages that have nothing to do with mail
    }


def queue(imap_port: int, user: str, password: str) -> None:
    """Makes the one queue that reads this mailbox."""
    from helpdesk.models import Queue

    Queue.objects.create(
        title="Support",
        slug=SLUG,
        email_address=ADDRESS,
        locale="en",
        allow_email_submission=True,
        email_box_type="imap",
        email_box_host=HOST,
        email_box_port=imap_port,
        email_box_ssl=False,
        email_box_user=user,
        email_box_pass=password,
        email_box_imap_folder="INBOX",
        logging_type="error",
    )


def waiting(imap_port: int, user: str, password: str) -> int:
    """Mails that are not marked for deletion: a run that stops does not come to expunging."""
    with imaplib.IMAP4(HOST, imap_port) as box:
        box.login(user, password)
        box.select("INBOX", readonly=True)
        return len(box.search(None, "UNDELETED")[1][0].split())


def count_made() -> dict[str, int]:
    """What it says about itself; as answered counts whom the SMTP server accepted."""
    from helpdesk.models import FollowUp, Ticket

    answered = FollowUp.objects.values_list("email_recipients", flat=True)
    return {"tickets": Ticket.objects.count(), "answers": sum(len(each or ()) for each in answered)}


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), Path(sys.argv[5]))
