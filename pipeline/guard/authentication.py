"""Rule 14: does the mail come from where it says? Read only from our own server's Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re

from pipeline.guard.case import Case, fold, within, without_comments


def find_spoofing(case: Case) -> str:
    """RFC 8601, RFC 7489 section 3.1: only what our own server says counts, and its topmost word."""
    trusted = fold(case.around.settings.authserv)
    for value in case.mail.headers.get("authentication-results", ()):
        bare = without_comments(value)
        server, _, results = bare.partition(";")
        if server.split()[:1] and server.split()[0].lower() in trusted:
            return _not_authentic(results.lower(), case.mail.sender.domain if case.mail.sender else "")
    return ""


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
    return bool(domain and sender) and (within(domain, sender) or within(sender, domain))
