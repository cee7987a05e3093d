"""The lint: every bad template is refused in words, whatever it tries; ordinary ones pass."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from pipeline.replies.files import ERROR, Finding
from pipeline.replies.supervise import LintReport, check
from tests import bad_templates as bad

COMPANY = {
    "en/base.txt": bad.GOOD_BASE.encode(),
    "en/base-five.txt": ("{% extends 'base.txt' %}{% block body %}" + bad.FIVE + "{% endblock %}").encode(),
    "en/neutral.txt": (bad.HEAD + "{% extends 'base.txt' %}{% block body %}Soon.{% endblock %}").encode(),
}
# Words of a programmer, which an agent need not know.
JARGON = re.compile(r"\b\w*(Error|Exception)\b|Traceback|object at 0x|\bNone\b|jinja2|NoneType|recursion depth")


def files_of(body: str, file: str = "en/bad.txt") -> dict[str, bytes]:
    return {file: (bad.HEAD + body).encode()}


def case(files: Mapping[str, bytes], code: str) -> tuple[Mapping[str, bytes], str]:
    return files, code


CASES = [
    *(case(files_of(body), code) for body, code in bad.BODIES),
    *(case({"en/bad.txt": f"Subject: {subject}\n\nText.\n".encode()}, code) for subject, code in bad.SUBJECTS),
    *(case(files_of("Text.") | {"en/bad.html": page.encode()}, code) for page, code in bad.PAGES),
    *(case(files_of(body, "en/bad-complaint.txt"), code) for body, code in bad.COMPLAINTS),
    *bad.FILES,
]


def errors(report: LintReport) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity == ERROR]


def numbered(files: Mapping[str, bytes], number: int) -> dict[str, bytes]:
    """In a language of its own, so that hundreds of cases fit into one check."""
    return {name.replace("en/", f"en{number}/"): data for name, data in files.items()}


@pytest.fixture(scope="module")
def together() -> dict[int, list[Finding]]:
    """All cases in one folder, but those that stop the child: they have tests of their own."""
    whole: dict[str, bytes] = {}
    for number, (files, code) in enumerate(CASES):
        if code not in ("limits", "size"):
            whole |= numbered({**COMPANY, **files}, number)
    report = check(whole)
    found: dict[int, list[Finding]] = {number: [] for number in range(len(CASES))}
    for finding in errors(report):
        if "bad" in finding.file:
            found[int(finding.file.partition("/")[0].removeprefix("en"))].append(finding)
    return found


def test_the_corpus_is_large() -> None:
    assert len(CASES) >= 250
    assert len({str(files) for files, _ in CASES}) == len(CASES)


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: f"{number}-{CASES[number][1]}")
def test_a_bad_template_is_refused_in_words(number: int, together: dict[int, list[Finding]]) -> None:
    files, code = CASES[number]
    found = together[number] if code not in ("limits", "size") else errors(check({**COMPANY, **files}))
    assert code in {finding.code for finding in found}, (files, found)
    for finding in found:
        assert finding.message
        assert finding.remedy
        assert not JARGON.search(finding.message + finding.remedy), finding


@pytest.mark.parametrize("body", bad.GOOD)
def test_an_ordinary_template_passes(body: str) -> None:
    report = check({**COMPANY, **files_of(body, "en/good.txt")})
    assert errors(report) == []
    assert report.results["en/good.txt"].fit


@pytest.mark.parametrize(
    ("body", "line"),
    [("a\nb\n{{ nonsense }}", 6), ("{% if ticket %}\n\n{{ name * 3 }}\n{% endif %}", 6), ("\n\n{% if %}", 6)],
)
def test_a_finding_names_the_line_of_the_file(body: str, line: int) -> None:
    assert errors(check(files_of(body)))[0].line == line


def test_a_finding_in_html_names_the_line() -> None:
    page = "<p>a</p>\n{% if ticket %}\n<p>b</p>\n<img src='https://x.example/y'>\n{% endif %}\n"
    assert [one.line for one in errors(check(files_of("Text.") | {"en/bad.html": page.encode()})) if one.line > 1] == [
        4
    ]


def test_a_misspelt_name_is_told_the_right_one() -> None:
    assert "respond_by" in errors(check(files_of("{{ respnd_by }}")))[0].remedy


def test_an_apology_without_a_word_of_apology_is_a_warning() -> None:
    body = bad.FIVE.replace("We are sorry.", "Well then.") + "{{ ref }}"
    report = check(files_of(body, "en/x-complaint.txt"))
    assert [(one.severity, one.code) for one in report.findings] == [("warning", "no-apology")]
    assert report.results["en/x-complaint.txt"].fit


def test_text_outside_of_blocks_is_a_warning() -> None:
    report = check(
        {**COMPANY, **files_of("{% extends 'base.txt' %}Lost.{% block body %}Hello.{% endblock %}", "en/x.txt")}
    )
    assert [(one.severity, one.code) for one in report.findings] == [("warning", "lost-text")]


def test_one_that_stops_the_child_does_not_keep_the_others_from_being_looked_at() -> None:
    bombs = {f"en/bomb{n}.txt": bad.HEAD.encode() + b"{% if ticket %}{{ name }}{% endif %}" * 7_000 for n in range(3)}
    report = check(
        {**COMPANY, **bombs, "en/a.txt": (bad.HEAD + "Fine.").encode(), "en/z.txt": (bad.HEAD + "{{").encode()}
    )
    assert {one.file: one.code for one in errors(report)} == {
        **dict.fromkeys(bombs, "limits"), "en/z.txt": "syntax"
    }  # fmt: skip
    assert report.results["en/a.txt"].fit


def test_only_the_files_asked_for_are_looked_at() -> None:
    report = check({**COMPANY, **files_of("{{ nonsense }}")}, only=["en/neutral.txt"])
    assert list(report.results) == ["en/neutral.txt"]
    assert report.well


@pytest.mark.parametrize(
    "body", ["Soon", "{% if name %}{{ comment }}{% endif %}", "{{ comment|truncate(20) }}", "{{ comment|upper }}"]
)
def test_an_answer_that_loses_what_a_person_wrote_is_not_used(body: str) -> None:
    report = check(files_of(f"{body} {{{{ ref }}}}", "en/answer.txt"))
    assert {one.code for one in errors(report)} == {"lost-words"}
    assert not report.results["en/answer.txt"].fit


@pytest.mark.parametrize("body", ["{{ comment }}", "Hello\n\n{{ comment|trim }}\n{{ agent }}"])
def test_an_answer_may_look_as_one_likes(body: str) -> None:
    assert errors(check(files_of(f"{body} {{{{ ref }}}}", "en/answer.txt"))) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{{ nonsense }}", "unknown-variable"),
        ("{% if ticket %}", "syntax"),
        ("{% if opens %}Soon.{% endif %}", "fails"),
        ("{{ name * 10000000 }}", "arithmetic"),
        ("{% include 'de/base.txt' %}", "outside"),
    ],
)
def test_a_bad_saved_reply_is_an_error_at_its_place(body: str, code: str) -> None:
    report = check({"en/saved/bad.txt": f"Description: A text\n\n{body}".encode()})
    assert code in {one.code for one in errors(report)}, report.findings
    assert {one.file for one in report.findings} == {"en/saved/bad.txt"}


def test_a_saved_reply_needs_no_subject_and_is_no_letter() -> None:
    report = check({"en/saved/photo.txt": b"Description: A photo\n\nPlease send a photo of {{ subject }}."})
    assert report.findings == []
    assert not report.results["en/saved/photo.txt"].fit
