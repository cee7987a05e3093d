"""Where personal data lies outside of the database: the other half of the register (see store/personal.py)."""

from __future__ import annotations

from fnmatch import fnmatch

from pipeline.records.personal import KeptFor, PersonalPlace

_BY_CLOCK, _USE, _NEEDED = "nothing; they go by their clock", KeptFor.USE, KeptFor.NEEDED

# Files, as patterns below the folder of config.toml. What has another place by configuration is meant with it.
FILES = (
    PersonalPlace(
        where="var/firstline.db*",
        holds="mail, tickets, letters, surveys: see the tables",
        purpose="everything that Firstline does",
        clock=_USE,
        erasing="see the tables; what was there is overwritten",
    ),
    PersonalPlace(
        where="var/firstline.db.before-*",
        holds="the database as it was before a restore",
        purpose="to go back",
        clock=KeptFor.MAIL,
        erasing="the same as in the database",
    ),
    PersonalPlace(
        where="var/backups/*",
        holds="the database as it was; the list of erased people beside it",
        purpose="to restore it after a loss",
        clock=_USE,
        erasing="nothing; a restore erases everybody again who is on the list",
    ),
    PersonalPlace(
        where="var/erased",
        holds="a keyed hash for each erasure",
        purpose="so that no backup brings anybody back",
        clock=_NEEDED,
        erasing="a line is added",
    ),
    PersonalPlace(
        where="training_data/**",
        holds="mails with labels, redacted; keyed hashes of writers and conversations",
        purpose="to train the classifier",
        clock=KeptFor.TRAINING,
        erasing="their rows go; address and name go out of others",
    ),
    PersonalPlace(
        where="models/**",
        holds="words that at least [privacy] min_senders people use",
        purpose="to classify mail",
        clock=_USE,
        erasing="versions that learned from them are retired and removed",
    ),
    PersonalPlace(
        where="[log] file",
        holds="what was done when; addresses are masked, no subjects and no texts",
        purpose="to find out what went wrong",
        clock=KeptFor.LOGS,
        erasing=_BY_CLOCK,
    ),
    PersonalPlace(
        where="var/key",
        holds="nothing of anybody",
        purpose="signs references, models and links",
        clock=_USE,
        erasing="nothing",
    ),
    PersonalPlace(
        where="var/*password*", holds="nothing of a customer", purpose="to log in", clock=_USE, erasing="nothing"
    ),
    PersonalPlace(
        where="var/*.json",
        holds="nothing of a customer: letters as they were last usable, states of files",
        purpose="to go on after a mistake",
        clock=_USE,
        erasing="nothing",
    ),
    PersonalPlace(
        where="var/work/**",
        holds="redacted texts of mails: the groups that were found, the labels that are doubted; what a training said",
        purpose="long work that somebody began at the desk",
        clock=_USE,
        erasing="all of it is removed; work that is at it just then is told of",
    ),
    PersonalPlace(
        where="var/.texts.lock",
        holds="nothing of anybody",
        purpose="one saves a letter at a time",
        clock=_USE,
        erasing="nothing",
    ),
    PersonalPlace(
        where="templates/**",
        holds="nothing of a customer",
        purpose="letters and help pages",
        clock=_USE,
        erasing="nothing",
    ),
    PersonalPlace(
        where="config.toml",
        holds="addresses of staff",
        purpose="who is responsible for what",
        clock=_USE,
        erasing="nothing",
    ),
)
ELSEWHERE = (
    PersonalPlace(
        where="the mailbox and its sent folder",
        holds="all mail",
        purpose="it is the mailbox of the company",
        clock=_USE,
        erasing="with [privacy] mailbox = true: their mail, and what was sent to them",
    ),
    PersonalPlace(
        where="outside trackers",
        holds="what [tracker] share says of each ticket",
        purpose="for those who solve it",
        clock=_USE,
        erasing="their tickets are removed, or emptied where the interface can't remove",
    ),
    PersonalPlace(
        where="links that were sent",
        holds="the way to a page about one request",
        purpose="the customer sees how it stands",
        clock=KeptFor.TICKET,
        erasing="they show nothing any more",
    ),
    PersonalPlace(
        where="reports, exports, previews and pages that a person has written to a file",
        holds="what the command was asked for; reports hold figures only",
        purpose="what that person wanted it for",
        clock=_USE,
        erasing="nothing: Firstline does not know where they are",
    ),
)


def place_of(path: str) -> PersonalPlace | None:
    """Of a file, by its path below the folder of config.toml; None: the register does not know it."""
    return next((one for one in reversed(FILES) if fnmatch(path, one.where)), None)
