"""All of config.toml as one frozen Config.

Secrets stay references here; the door that needs one reads it when it opens."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator

from pipeline.config.calendar import CalendarConfig
from pipeline.config.classify import MULTILINGUAL, ClassifyConfig
from pipeline.config.desk import DeskConfig
from pipeline.config.engine import EngineConfig
from pipeline.config.follow_up import FollowUpConfig
from pipeline.config.guard import GuardConfig
from pipeline.config.logs import LogConfig
from pipeline.config.privacy import PrivacyConfig
from pipeline.config.replies import RepliesConfig
from pipeline.config.schedule import HealthConfig, ReportConfig, ScheduleConfig
from pipeline.config.servers import MailboxConfig, SmtpConfig
from pipeline.config.storage import BackupConfig, SecurityConfig, StoreConfig
from pipeline.config.survey import SurveyConfig
from pipeline.config.topics import GrantConfig, TopicConfig
from pipeline.config.trackers import TrackerConfig
from pipeline.config.values import Section, overlaid
from pipeline.config.web import WebConfig
from pipeline.errors import ConfigError, UnreachableError, UsageError
from pipeline.records.mail import read_box, sent_box
from pipeline.records.ticket import BOARD

SMTP = "smtp"  # the outgoing server, where servers are named
WEB = "web"  # the name of the mailbox of what came by the API or the form
SHORTEST_KEY = 32  # bytes
Named = Mapping[str, TopicConfig] | Mapping[str, MailboxConfig]  # [topics] or [mailbox]
_UNPREPARED = TopicConfig()  # for a topic without a table of its own


def _situations(sections: Named) -> Iterator[tuple[str, TopicConfig]]:
    """Prepared situations with the names of their tables."""
    for name, section in sections.items():
        if isinstance(section, MailboxConfig):
            yield from ((f"mailbox.{name}.topics.{topic}", one) for topic, one in section.topics.items())
        else:
            yield f"topics.{name}", section


class Config(Section):
    """All of config.toml."""

    path: Path = Field(default=Path("config.toml"), exclude=True)
    store: StoreConfig = StoreConfig()
    engine: EngineConfig = EngineConfig()
    smtp: SmtpConfig | None = None
    guard: GuardConfig = GuardConfig()
    security: SecurityConfig = SecurityConfig()
    classify: ClassifyConfig = ClassifyConfig()
    grants: dict[str, GrantConfig] = Field(default_factory=dict)
    tracker: TrackerConfig = TrackerConfig()
    trackers: dict[str, TrackerConfig] = Field(default_factory=dict)
    topics: dict[str, TopicConfig] = Field(default_factory=dict)
    mailbox: dict[str, MailboxConfig] = Field(default_factory=dict)
    replies: RepliesConfig = RepliesConfig()
    calendar: CalendarConfig = CalendarConfig()
    follow_up: FollowUpConfig = FollowUpConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    backup: BackupConfig = BackupConfig()
    report: ReportConfig = ReportConfig()
    health: HealthConfig = HealthConfig()
    web: WebConfig = WebConfig()
    desk: DeskConfig = DeskConfig()
    log: LogConfig = LogConfig()
    privacy: PrivacyConfig = PrivacyConfig()
    survey: SurveyConfig = SurveyConfig()

    @field_validator("engine")
    @classmethod
    def _has_a_database_to_share(cls, engine: EngineConfig, info: ValidationInfo) -> EngineConfig:
        store = info.data.get("store")
        if engine.is_shared and store is not None and store.url.startswith("sqlite"):
            raise ValueError(
                'kind = "procrastinate" needs a PostgreSQL that all can reach: [store] url = "postgresql://…"'
            )
        return engine

    @field_validator("mailbox")
    @classmethod
    def _names_that_are_taken(cls, mailboxes: dict[str, MailboxConfig]) -> dict[str, MailboxConfig]:
        if WEB in mailboxes:
            raise ValueError(
                f'"{WEB}" is where messages of the API and the form lie; give [mailbox.{WEB}] another name'
            )
        if SMTP in mailboxes:
            raise ValueError(
                f'"{SMTP}" is the outgoing server, for `firstline login`; give [mailbox.{SMTP}] another name'
            )
        return mailboxes

    @field_validator("topics", "mailbox")
    @classmethod
    def _known_grants(cls, sections: Named, info: ValidationInfo) -> Named:
        known = info.data.get("grants")
        for section, topic in _situations(sections):
            for grant in topic.may_grant:
                if known is not None and grant not in known:
                    there_are = ", ".join(f"[grants.{one}]" for one in known) or "none"
                    raise ValueError(f"[{section}] may_grant: there is no [grants.{grant}]; known are: {there_are}")
        return sections

    @field_validator("topics", "mailbox")
    @classmethod
    def _known_trackers(cls, sections: Named, info: ValidationInfo) -> Named:
        known = info.data.get("trackers")
        for section, topic in _situations(sections):
            if known is not None and topic.tracker not in ("", BOARD, *known):
                there_are = ", ".join([f'"{BOARD}"', *(f'"{one}"' for one in known)])
                raise ValueError(f"[{section}] tracker: there is no [trackers.{topic.tracker}]; one of {there_are}")
        return sections

    @field_validator("trackers")
    @classmethod
    def _one_of_each_name(cls, trackers: dict[str, TrackerConfig], info: ValidationInfo) -> dict[str, TrackerConfig]:
        """A ticket remembers its tracker by name, and that of [tracker] is its kind."""
        taken = info.data["tracker"].kind if "tracker" in info.data else ""
        if taken in trackers:
            raise ValueError(f'[tracker] is called "{taken}" already; give [trackers.{taken}] another name')
        if BOARD in trackers:
            raise ValueError(f'"{BOARD}" is the built-in one; give [trackers.{BOARD}] another name')
        return trackers

    @field_validator("privacy")
    @classmethod
    def _remembers_what_it_counts(cls, privacy: PrivacyConfig, info: ValidationInfo) -> PrivacyConfig:
        """What a limit counts must be there for as long as its window."""
        guard, grants = info.data.get("guard", GuardConfig()), info.data.get("grants", {})
        counted = [
            *(("keep_mail", f"[guard] {name}", rate) for name, rate in guard.limits.items()),
            *(("keep_ticket", f"[grants.{name}] per_customer", grant.per_customer) for name, grant in grants.items()),
        ]
        for key, limit, rate in counted:
            kept = getattr(privacy, key)
            if kept is not None and rate.count and kept < rate.window:
                raise ValueError(f"{key} is shorter than the {rate.window.days} days that {limit} looks back")
        return privacy

    @property
    def all_trackers(self) -> dict[str, TrackerConfig]:
        """By the name of their section."""
        return {"tracker": self.tracker, **{f"trackers.{name}": one for name, one in self.trackers.items()}}

    @cached_property
    def outside_trackers(self) -> dict[str, TrackerConfig]:
        """By the name that tickets remember: NAME of [trackers.NAME], and the kind of [tracker]."""
        every = {self.tracker.kind: self.tracker, **self.trackers}
        return {name: one for name, one in every.items() if one.kind != BOARD}

    def tracker_of(self, situation: TopicConfig) -> str:
        """The name of the tracker that tickets of a prepared situation are filed in."""
        name = situation.tracker or self.tracker.kind
        return name if name in self.outside_trackers else BOARD

    @property
    def folder(self) -> Path:
        """Relative paths in the file start here."""
        return self.path.resolve().parent

    def at(self, path: str) -> Path:
        """A path of the file as an absolute one."""
        return self.folder / path

    @cached_property
    def boxes(self) -> dict[str, MailboxConfig]:
        """The mailboxes, their sent folders, and one for what came by the API or the form: that is on no server, so it
        has no login."""
        web = MailboxConfig.model_construct(
            addresses=self.our_addresses, first_run="acknowledge", language=self.replies.language
        )
        read_only = {"first_run": "acknowledge", "done": "keep"}
        sent = {sent_box(name): box.model_copy(update=read_only) for name, box in self.mailbox.items()}
        return {**self.mailbox, **sent, WEB: web}

    def sent_folder(self, mailbox: str) -> str:
        """Where people's answers from their mail programs lie; "": in the folder marked \\Sent, "none": not read.

        Where no mailbox names one, the first has the one that [smtp] names: the same account, as a rule.
        """
        named = self.mailbox[mailbox].sent_folder
        is_first = mailbox == next(iter(self.mailbox))
        if is_first and self.smtp and not any(box.sent_folder for box in self.mailbox.values()):
            return self.smtp.sent_folder
        return named

    @cached_property
    def our_addresses(self) -> tuple[str, ...]:
        """Ours in any mailbox, and the one we send from."""
        ours = [address for box in self.mailbox.values() for address in box.addresses]
        ours += [parseaddr(box.sender)[1] for box in self.mailbox.values()]
        if self.smtp:
            ours += [parseaddr(self.smtp.sender)[1], parseaddr(self.smtp.bounce_address)[1]]
        return tuple(dict.fromkeys(address.lower() for address in ours if address))

    def topic(self, name: str) -> TopicConfig:
        """The prepared situation of a topic; one without a table of its own gets the defaults."""
        return self.topics.get(name, _UNPREPARED)

    @cached_property
    def situations(self) -> dict[str, TopicConfig]:
        """All prepared situations, those that a mailbox has changed included, by the names of their tables."""
        changed = {
            f"mailbox.{mailbox}.topics.{name}": self.of_mailbox(mailbox).topic(name)
            for mailbox, box in self.mailbox.items()
            for name in box.topics
        }
        return {**{f"topics.{name}": topic for name, topic in self.topics.items()}, **changed}

    def of_mailbox(self, name: str) -> Config:
        """The same as it counts for the mail of one mailbox, with what [mailbox.NAME] says otherwise. Its sent folder
        counts as the mailbox; for a name that is none of them all stays as it is."""
        return self._by_mailbox.get(read_box(name), self)

    def letter_folders(self, mailbox: str = "") -> tuple[Path, ...]:
        """Where letters lie: those of all, then those of the mailbox, which take their places. Raises UsageError when
        there is no such mailbox."""
        if mailbox and mailbox not in self.mailbox:
            known = ", ".join(self.mailbox) or "(none)"
            raise UsageError(f"there is no [mailbox.{mailbox}]", where=str(self.path), remedy=f"known are: {known}")
        own = self.mailbox[mailbox].templates if mailbox else ""
        return tuple(self.at(folder) for folder in (self.replies.templates, own) if folder)

    @cached_property
    def _by_mailbox(self) -> dict[str, Config]:
        return {name: self._told_by(box) for name, box in self.mailbox.items() if box.says_otherwise}

    def _told_by(self, box: MailboxConfig) -> Config:
        words = {key: getattr(box, key) for key in ("company", "signature", "templates") if getattr(box, key)}
        smtp = self.smtp
        if smtp and box.sender:  # Message-IDs keep one domain, by which we know our own letters
            smtp = smtp.model_copy(update={"sender": box.sender, "domain": smtp.domain})
        changed = {name: overlaid(self.topic(name), topic) for name, topic in box.topics.items()}
        return self.model_copy(
            update={
                "smtp": smtp,
                "replies": self.replies.model_copy(update=words),
                "topics": {**self.topics, **changed},
                "calendar": overlaid(self.calendar, box.calendar),
            }
        )

    def store_url(self) -> str:
        """The database's URL with a relative SQLite path made absolute. Raises UnreachableError before the disk that
        it is on is there: a new database would be made in its place, and all mail would be new."""
        if self.store.mount and not os.path.ismount(self.at(self.store.mount)):
            raise UnreachableError(
                "nothing is mounted there",
                where=str(self.at(self.store.mount)),
                remedy=f"mount the disk, or correct [store] mount in {self.path}",
            )
        if not self.store.url.startswith("sqlite:///"):
            return self.store.url
        return f"sqlite:///{self.at(self.store.url.removeprefix('sqlite:///'))}"

    def encoder_folder(self) -> Path | None:
        """The folder of the sentence encoder, or MULTILINGUAL; None where none is used."""
        if not self.classify.encoder:
            return None
        return MULTILINGUAL if self.classify.encoder == str(MULTILINGUAL) else self.at(self.classify.encoder)

    def key(self) -> bytes:
        """The key of `[security]`, which is there already (wiring/keys.py makes it). Raises ConfigError."""
        key = self.security.key.read(self.folder, "security.key").encode()
        if len(key) < SHORTEST_KEY:
            place = self.security.key.file or f"${self.security.key.env}"
            raise ConfigError(
                f"the key in {place} has {len(key)} bytes: it is no key",
                where=f"{self.path}, security.key",
                remedy=f"put back your copy of it; it has at least {SHORTEST_KEY} bytes",
            )
        return key
