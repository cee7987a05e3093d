"""May a robot answer this mail? One list, one small function a rule; every rule is looked at and kept, hit or miss.

The list is the union of what RFC 3834, RFC 5230, Dovecot Pigeonhole's vacation and the known help desks check. A rule
returns its evidence, or '' for a miss. Two ways to be wrong hurt equally: answering a robot (a loop), and staying
silent to a person because a test was too broad.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.config.sections import GuardConfig, Rate
from pipeline.records.mail import Address, Mail
from pipeline.records.thread import ThreadKeys
from pipeline.records.verdict import History, RuleResult, Strength, Verdict, VerdictKind
from pipeline.tokens import LOOP_HEADER

MAX_SIZE = 25_000_000  # bytes, where no mailbox says otherwise


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the rules need to know of the house: settings and our own addresses."""

    settings: GuardConfig
    ours: frozenset[str]  # all our addresses, folded
    addressed: frozenset[str]  # the mailbox's own, folded; empty: rule 12 is off
    domain: str = ""  # of the Message-IDs we make
    folder: str = "INBOX"
    max_size: int = MAX_SIZE


@dataclass(frozen=True)
class Case:
    """One mail before the rules. `history` None: judged from the message alone."""

    mail: Mail
    house: Surroundings
    keys: ThreadKeys
    history: History | None

    @cached_property
    def customer(self) -> Address | None:
        """Whom an answer would go to: From, or Reply-To when From is one of our contact forms."""
        return customer_of(self.mail, self.house.settings.forms)

    @cached_property
    def allowed(self) -> str:
        """The entry of the allow-list that speaks for this mail, ''."""
        return next((entry for entry in self.house.settings.allow if self._speaks_for(entry.lower())), "")

    def _speaks_for(self, entry: str) -> bool:
        if entry.startswith("header:"):
            return entry.removeprefix("header:").strip() in self.mail.headers
        if not self.customer:
            return False
        if "@" in entry.lstrip("@"):
            return entry in (self.customer.email.lower(), self.customer.folded)
        return _within(self.customer.domain, entry.lstrip("@"))

    def values(self, *names: str) -> Iterable[tuple[str, str]]:
        """Header fields of these names, as (name, value in lower case)."""
        return ((name, value.strip().lower()) for name in names for value in self.mail.headers.get(name.lower(), ()))


Test = Callable[[Case], str]


@dataclass(frozen=True)
class Rule:
    """A line of the table."""

    number: str
    name: str
    verdict: VerdictKind
    strength: Strength
    test: Test
    from_history: bool = False

    @cached_property
    def missed(self) -> RuleResult:
        """What is said of most mails by most rules; one for all of them."""
        return self.said(hit=False)

    def said(self, *, hit: bool | None, evidence: str = "", allowed: str = "") -> RuleResult:
        """`allowed`: the entry of the allow-list that overrides it."""
        return RuleResult(
            number=self.number,
            rule=self.name,
            verdict=self.verdict,
            strength=self.strength,
            hit=hit,
            evidence=f"{evidence} (allowed by {allowed})" if allowed else evidence,
            allowed=bool(allowed),
        )


def judge(mail: Mail, house: Surroundings, keys: ThreadKeys, history: History | None) -> Verdict:
    """Looks at every rule. `history` None leaves those that need the ledger unjudged (hit None)."""
    case = Case(mail, house, keys, history)
    rules = tuple(_look(rule, case) for rule in RULES)
    rules = _with_out_of_office(rules, case)
    counting = [rule for rule in rules if rule.hit and not rule.allowed]
    return Verdict(
        kind=_kind(counting, case.customer),
        reasons=tuple(rule.rule for rule in counting),
        rules=rules,
        customer=case.customer,
        robot=any(rule.rule in ROBOT for rule in counting),
        alarm=any(rule.rule in ("our-own-mail", "limit-system") for rule in counting),
    )


def customer_of(mail: Mail, forms: Sequence[str]) -> Address | None:
    """Whom an answer would go to: From, or Reply-To when From is one of our contact forms."""
    if mail.sender and mail.sender.email.lower() in _lower(forms):
        return mail.reply_to
    return mail.sender


def without_parking(verdict: Verdict) -> Verdict:
    """The verdict when a person has looked and lets the mail go on: the park rules count no more."""
    rules = tuple(
        replace(rule, allowed=True, evidence=f"{rule.evidence} (released by a person)")
        if rule.hit and rule.verdict is VerdictKind.PARK
        else rule
        for rule in verdict.rules
    )
    counting = [rule for rule in rules if rule.hit and not rule.allowed]
    kind = _kind(counting, verdict.customer)
    return replace(verdict, kind=kind, rules=rules, reasons=tuple(rule.rule for rule in counting))


def _look(rule: Rule, case: Case) -> RuleResult:
    if case.history is None and rule.from_history:
        return rule.said(hit=None)
    evidence = rule.test(case)[:200]
    if not evidence:
        return rule.missed
    return rule.said(hit=True, evidence=evidence, allowed=case.allowed if rule.strength is Strength.WEAK else "")


def _kind(counting: Sequence[RuleResult], customer: Address | None) -> VerdictKind:
    """Silent to machines and to what lay there before; then parked; then silent or limited by what went before."""
    names = {rule.rule for rule in counting}
    if not counting:
        return VerdictKind.ANSWER if customer else VerdictKind.SILENT
    if names & ROBOT or "first-run" in names:
        return VerdictKind.SILENT
    for kind in (VerdictKind.PARK, VerdictKind.SILENT):
        if any(rule.verdict is kind for rule in counting):
            return kind
    return VerdictKind.LIMIT


# --- the rules, in the order of the table -----------------------------------------------------------------------------


def _null_sender(case: Case) -> str:
    """RFC 3834 section 2: never answer the null path."""
    if case.mail.return_path == "":
        return "Return-Path: <>"
    return "" if case.customer else "no usable sender"


def _delivery_report(case: Case) -> str:
    """RFC 3464."""
    report = case.mail.report
    return f"delivery report about {report.about or 'an unknown mail'}" if report and report.kind == "delivery" else ""


def _read_receipt(case: Case) -> str:
    """RFC 8098; the request header Disposition-Notification-To is no sign of a robot."""
    if case.mail.report and case.mail.report.kind == "disposition":
        return "read receipt"
    return _present(case, "X-Failed-Recipients")


def _auto_submitted(case: Case) -> str:
    """RFC 3834 section 5: anything but `no`; parameters and comments do not count."""
    for name, value in case.values("Auto-Submitted"):
        if _token(value) != "no":
            return f"{name}: {value}"
    return ""


def _precedence_auto(case: Case) -> str:
    return _one_of(case, ("Precedence", "X-Precedence"), ("auto_reply", "auto-reply"))


def _precedence_bulk(case: Case) -> str:
    return _one_of(case, ("Precedence", "X-Precedence"), ("bulk", "junk", "list"))


def _mailing_list(case: Case) -> str:
    """RFC 2369, RFC 2919."""
    parts = ("Id", "Post", "Unsubscribe", "Subscribe", "Owner", "Help", "Archive")
    return _present(case, *(f"List-{part}" for part in parts), "Mailing-List")


def _suppressed(case: Case) -> str:
    """Microsoft's X-Auto-Response-Suppress; DR, NDR, RN and NRN concern reports, not answers."""
    for name, value in case.values("X-Auto-Response-Suppress"):
        if {token.strip() for token in value.split(",")} & {"all", "oof", "autoreply"}:
            return f"{name}: {value}"
    return ""


def _robot_header(case: Case) -> str:
    known = (
        "X-Autoreply X-Autorespond X-Autoresponder X-Autoresponse X-AutoReply-From X-Mail-Autoreply X-Autogenerated "
        "X-FC-Machinegenerated X-Amazon-Mail-Relay-Type X-Loop X-No-Loop"
    )
    return _present(case, *known.split()) or _one_of(case, ("X-Ack",), ("no",))


def _our_own_mail(case: Case) -> str:
    """Our own mail comes back. A token of ours in In-Reply-To or References is a genuine reply and no sign."""
    if header := _present(case, LOOP_HEADER):
        return header
    if case.keys.own:
        return f"Message-ID is ours, about {case.keys.own}"
    domain = case.mail.message_id.strip("<>").rpartition("@")[2].lower()
    return f"Message-ID is of our domain {domain}" if domain and domain == case.house.domain else ""


def _own_address(case: Case) -> str:
    customer = case.customer
    return f"{customer.email} is our own address" if customer and customer.folded in case.house.ours else ""


def _nobody(case: Case) -> str:
    """RFC 2606 section 2: nobody has an address below .invalid. Who left none, on the telephone, gets such a one."""
    domain = case.customer.domain if case.customer else ""
    return f"there can be no address in {domain}" if _within(domain, "invalid") else ""


def _daemon(case: Case) -> str:
    local = case.customer.local if case.customer else ""
    return f"{local}@" if local in ("mailer-daemon", "postmaster") else ""


_ROBOT_NAME = re.compile(
    r"abuse|root|listserv|majordomo|no[-_.]?reply.*|do[-_.]?not[-_.]?reply.*|bounces?([-+=_.\d].*)?|.+-request|owner-.+"
)


def _robot_name(case: Case) -> str:
    local = case.customer.local if case.customer else ""
    return f"{local}@" if _ROBOT_NAME.fullmatch(local) else ""


def _not_addressed(case: Case) -> str:
    ours = case.house.addressed
    if not ours or any(Address(email=recipient).folded in ours for recipient in case.mail.recipients):
        return ""
    return "none of our addresses among the recipients"


def _spam(case: Case) -> str:
    for name, value in case.values("X-Spam-Flag", "X-Spam-Status"):
        if value.startswith("yes"):
            return f"{name}: {value}"
    return f"folder {case.house.folder}" if case.house.folder.lower() in ("junk", "spam") else ""


def _spoofed(case: Case) -> str:
    """RFC 8601, RFC 7489 section 3.1: only what our own server says counts, and its topmost word."""
    trusted = _lower(case.house.settings.authserv)
    for value in case.mail.headers.get("authentication-results", ()):
        bare = _without_comments(value)
        server, _, results = bare.partition(";")
        if server.split()[:1] and server.split()[0].lower() in trusted:
            return _not_authentic(results.lower(), case.mail.sender.domain if case.mail.sender else "")
    return ""


def _bounced(case: Case) -> str:
    status = _history(case).tallies.bounced
    return f"mail to this address failed for good: {status}" if status else ""


def _limit_thread(case: Case) -> str:
    return _over(_history(case).tallies.by_thread, case.house.settings.limit_thread, "to this sender in this thread")


def _limit_sender(case: Case) -> str:
    return _over(_history(case).tallies.by_sender, case.house.settings.limit_sender, "to this sender")


def _limit_domain(case: Case) -> str:
    domain = case.customer.domain if case.customer else ""
    if domain in PUBLIC_PROVIDERS:
        return ""
    return _over(_history(case).tallies.by_domain, case.house.settings.limit_domain, f"to {domain}")


def _limit_system(case: Case) -> str:
    return _over(_history(case).tallies.by_system, case.house.settings.limit_system, "in all: circuit breaker")


def _same_subject(case: Case) -> str:
    if not case.mail.plain_subject:  # no subject is not the same subject
        return ""
    return _over(_history(case).tallies.same_subject, case.house.settings.same_subject, "with the same subject")


def _acknowledged(case: Case) -> str:
    return "this thread has been acknowledged" if _history(case).thread_acknowledged else ""


def _too_old(case: Case) -> str:
    """By the server's clock (INTERNALDATE); the Date header is whatever the sender likes."""
    history = _history(case)
    age = history.now - history.received
    return f"received {history.received.isoformat()}" if age > history.max_age else ""


def _first_run(case: Case) -> str:
    return "lay in the mailbox before we first saw it" if _history(case).first_run else ""


def _thread_closed(case: Case) -> str:
    return "its ticket is closed for good" if _history(case).thread_closed else ""


def _unreadable(case: Case) -> str:
    for kind in ("text/calendar", "multipart/encrypted", "application/pgp-encrypted", "application/pkcs7-mime"):
        if kind in case.mail.parts or kind == case.mail.content_type:
            return kind
    size = case.mail.size
    return f"{size} bytes, over the limit of {case.house.max_size}" if size > case.house.max_size else ""


def _control_headers(case: Case) -> str:
    """Never a hit: headers that look like ours are only shown, and nothing reads them."""
    return ""


_OUT_OF_OFFICE = re.compile(
    r"\b(out of (the )?office|automatic reply|auto[- ]?reply|autoreply|auto[- ]?response|on (annual )?(leave|vacation)"
    r"|abwesenheits(notiz|meldung)|automatische antwort|nicht im (büro|haus)"
    r"|réponse automatique|absence( du bureau)?|absent du bureau|message d'absence"
    r"|respuesta automática|fuera de (la )?oficina|ausencia|resposta automática|fora do escritório"
    r"|poissa( toimistosta)?|automaattinen vastaus|lomalla"
    r"|risposta automatica|fuori (sede|ufficio)|afwezig(heid)?|automatisch antwoord"
    r"|frånvaro|autosvar|automatiskt svar|fravær|autosvar|automatisk svar|nieobecn|odpowiedź automatyczna)",
    re.IGNORECASE,
)


def _out_of_office(case: Case) -> str:
    """The wording alone proves nothing; see _with_out_of_office."""
    found = _OUT_OF_OFFICE.search(case.mail.subject)
    return f"subject says '{found[0]}'" if found else ""


S, P, L = VerdictKind.SILENT, VerdictKind.PARK, VerdictKind.LIMIT
FLOOR, WEAK = Strength.FLOOR, Strength.WEAK
RULES: tuple[Rule, ...] = (
    Rule("1", "null-sender", S, FLOOR, _null_sender),
    Rule("2", "delivery-report", S, FLOOR, _delivery_report),
    Rule("3", "read-receipt", S, FLOOR, _read_receipt),
    Rule("4", "auto-submitted", S, FLOOR, _auto_submitted),
    Rule("5", "precedence-auto", S, FLOOR, _precedence_auto),
    Rule("5b", "precedence-bulk", S, WEAK, _precedence_bulk),
    Rule("6", "mailing-list", S, WEAK, _mailing_list),
    Rule("7", "response-suppressed", S, WEAK, _suppressed),
    Rule("8", "robot-header", S, WEAK, _robot_header),
    Rule("9", "our-own-mail", S, FLOOR, _our_own_mail),
    Rule("10", "own-address", S, FLOOR, _own_address),
    Rule("11", "daemon-sender", S, FLOOR, _daemon),
    Rule("11b", "robot-sender", S, WEAK, _robot_name),
    Rule("12", "not-addressed", P, WEAK, _not_addressed),
    Rule("13", "spam", S, WEAK, _spam),
    Rule("14", "not-authentic", P, WEAK, _spoofed),
    Rule("15", "bounced-before", S, FLOOR, _bounced, from_history=True),
    Rule("15b", "no-address", S, FLOOR, _nobody),
    Rule("16", "limit-thread", L, FLOOR, _limit_thread, from_history=True),
    Rule("16b", "limit-sender", L, FLOOR, _limit_sender, from_history=True),
    Rule("16c", "limit-domain", L, FLOOR, _limit_domain, from_history=True),
    Rule("16d", "limit-system", L, FLOOR, _limit_system, from_history=True),
    Rule("17", "same-subject", L, WEAK, _same_subject, from_history=True),
    Rule("18", "thread-acknowledged", S, FLOOR, _acknowledged, from_history=True),
    Rule("19", "too-old", S, WEAK, _too_old, from_history=True),
    Rule("19b", "first-run", S, WEAK, _first_run, from_history=True),
    Rule("19c", "thread-closed", S, WEAK, _thread_closed, from_history=True),
    Rule("20", "unreadable", P, WEAK, _unreadable),
    Rule("21", "out-of-office", S, WEAK, _out_of_office),
    Rule("22", "control-headers", S, FLOOR, _control_headers),
)
# Rules that say "a machine wrote this": no reopening, and a ticket only if the complaint is sure.
ROBOT = frozenset(
    {rule.name for rule in RULES if rule.number.rstrip("b") in set("1 2 3 4 5 6 7 8 9 10 11 13 21".split())}
)
PARKING = frozenset(rule.name for rule in RULES if rule.verdict is P)
# Where so many people have their mailbox that a limit per domain would hit strangers.
PUBLIC_PROVIDERS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr live.com msn.com yahoo.com yahoo.co.uk "
    "yahoo.fr yahoo.de yahoo.es ymail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com "
    "web.de t-online.de freenet.de mail.com mail.ru yandex.ru orange.fr wanadoo.fr free.fr sfr.fr laposte.net "
    "telefonica.net terra.es hotmail.es libero.it kolumbus.fi elisanet.fi luukku.com saunalahti.fi proton.me "
    "protonmail.com zoho.com fastmail.com posteo.de mailbox.org tutanota.com qq.com 163.com comcast.net verizon.net "
    "att.net btinternet.com".split()
)


# --- helpers ----------------------------------------------------------------------------------------------------------


def _with_out_of_office(rules: tuple[RuleResult, ...], case: Case) -> tuple[RuleResult, ...]:
    """Rule 21 counts only together with another weak sign, also with one that the allow-list forgave."""
    others = [rule.rule for rule in rules if rule.hit and rule.strength is WEAK and rule.rule in ROBOT]
    others = [name for name in others if name != "out-of-office"]
    vacation = _present(case, "X-Vacation", "X-Vacation-Reply", "X-Out-Of-Office", "X-Auto-Reply", "Vacation")
    signs = others + ([vacation] if vacation else [])
    return tuple(_second_sign(rule, signs) if rule.rule == "out-of-office" else rule for rule in rules)


def _second_sign(rule: RuleResult, signs: Sequence[str]) -> RuleResult:
    if not rule.hit:
        return rule
    if not signs:
        return replace(rule, hit=False, allowed=False, evidence=f"{rule.evidence}, but no other sign")
    return replace(rule, allowed=False, evidence=f"{rule.evidence}, and {', '.join(signs)}")


def _history(case: Case) -> History:
    assert case.history is not None  # noqa: S101  (rules from history are not called without one)
    return case.history


def _over(count: int, limit: Rate, whom: str) -> str:
    return f"{count} acknowledgements {whom} within {limit.window}" if limit.count and count >= limit.count else ""


def _present(case: Case, *names: str) -> str:
    for name in names:
        if name.lower() in case.mail.headers:
            return f"{name}: {case.mail.header(name)}"
    return ""


def _one_of(case: Case, names: Sequence[str], tokens: Sequence[str]) -> str:
    for name, value in case.values(*names):
        if _token(value) in tokens:
            return f"{name}: {value}"
    return ""


def _token(value: str) -> str:
    """The first word of a field, without comments and parameters."""
    return _without_comments(value).partition(";")[0].strip().lower()


def _without_comments(value: str) -> str:
    """RFC 5322 comments removed, nested ones too (from the inside out, bounded)."""
    for _ in range(5):
        shorter = re.sub(r"\([^()]*\)", " ", value)
        if shorter == value:
            break
        value = shorter
    return value


def _lower(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value.lower() for value in values)


def _within(domain: str, other: str) -> bool:
    """Is `domain` the other one or under it?"""
    return domain == other or domain.endswith("." + other)


def _not_authentic(results: str, sender: str) -> str:
    """Evidence from the results of a trusted Authentication-Results header, '' when the mail is authentic."""
    found = {
        method: (verdict, rest) for method, verdict, rest in re.findall(r"\b(dmarc|spf|dkim)=(\w+)([^;]*)", results)
    }
    if "dmarc" in found and found["dmarc"][0] in ("pass", "fail"):
        return "" if found["dmarc"][0] == "pass" else "dmarc=fail"
    if not found.keys() & {"spf", "dkim"}:
        return ""
    aligned = any(_aligned(method, verdict, rest, sender) for method, verdict, rest in _passes(results))
    return "" if aligned else f"neither SPF nor DKIM aligned with {sender or 'the sender'}"


def _passes(results: str) -> list[tuple[str, str, str]]:
    return re.findall(r"\b(spf|dkim)=(pass)\b([^;]*)", results)


def _aligned(method: str, _verdict: str, rest: str, sender: str) -> bool:
    """Relaxed alignment (RFC 7489 section 3.1), with one domain under the other instead of a public suffix list."""
    key = r"smtp\.mailfrom=(\S+)" if method == "spf" else r"header\.(?:d|i)=(\S+)"
    domain = (re.findall(key, rest) or [""])[0].rpartition("@")[2].strip('"')
    return bool(domain and sender) and (_within(domain, sender) or _within(sender, domain))
