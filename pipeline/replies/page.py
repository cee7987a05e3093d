"""A preview as one self-contained HTML page: every letter in every language side by side. No script, nothing loaded.

HTML parts are in frames that may do nothing at all; what a customer wrote is escaped.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from itertools import groupby

from pipeline.replies.preview import PreviewCase, Variant
from pipeline.replies.sandbox import Printed
from pipeline.replies.versions import diff_texts
from pipeline.text.numbers import many

# Frames take this over, so that even a picture in a letter is not fetched.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{font:16px/1.55 system-ui,sans-serif;color:#1d2530;background:#fff;margin:0 auto;max-width:110rem;padding:1rem;
overflow-wrap:anywhere}h1{font-size:1.6rem;margin:.4rem 0}.lead,.note{color:#4a5665;margin:.2rem 0 .8rem}
section{border-top:2px solid #d5dbe3;margin-top:1.6rem;padding-top:.6rem}h2{font-size:1.15rem;margin:.2rem 0}
.hard{display:inline-block;background:#fff4d6;border-radius:.3rem;padding:0 .5rem;margin:0 .4rem .3rem 0;
font-size:.85rem}
.letters{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr))}
.parts{display:grid;gap:.6rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))}
article{border:1px solid #d5dbe3;border-radius:.4rem;padding:.7rem;min-width:0}h3{margin:0 0 .4rem;font-size:1rem}
.subject{font-weight:600;margin:.2rem 0}.lang{background:#e6eef8;border-radius:.3rem;padding:0 .45rem}
pre{white-space:pre-wrap;font:14px/1.45 ui-monospace,monospace;background:#f6f8fa;padding:.6rem;border-radius:.3rem;
margin:.4rem 0}iframe{width:100%;height:24rem;border:1px solid #d5dbe3;border-radius:.3rem;background:#fff;
resize:vertical}
.gap{background:#fff4d6;border-left:4px solid #d99a00;padding:.4rem .8rem}.same{color:#4a5665}
.add{background:#dff3e4;display:block}.del{background:#fbe3e3;display:block}.ctx{display:block}
"""


def render(name: str, variants: Sequence[Variant], *, compared: bool) -> str:
    """The page of a preview. `compared`: with what changes against the version in use."""
    cases = [(case, list(of)) for case, of in groupby(variants, key=lambda variant: variant.case)]
    languages = ", ".join(dict.fromkeys(variant.language for variant in variants))
    parts = [
        f"<h1>Letter {_e(name)}</h1>",
        f"<p class=lead>{many(len(cases), 'mail')}, {_e(languages)}. Nothing was sent. This page holds what customers "
        "wrote: delete it when it has been looked at.</p>",
        *(_case(case, of, compared=compared) for case, of in cases),
    ]
    return render_page(f"letter {name}", parts)


def render_page(title: str, parts: Iterable[str], style: str = "") -> str:
    """A whole page around letters; `style`: what it needs beside STYLE."""
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        f'<meta http-equiv=Content-Security-Policy content="{_POLICY}">'
        '<meta name=viewport content="width=device-width, initial-scale=1">'
        f"<title>Firstline: {_e(title)}</title><style>{STYLE}{style}</style><body>{''.join(parts)}</body></html>\n"
    )


def _case(case: PreviewCase, variants: Iterable[Variant], *, compared: bool) -> str:
    hard = "".join(f"<span class=hard>{_e(trait)}</span>" for trait in case.traits)
    about = " · ".join(part for part in (case.mail_id, case.about) if part)
    letters = "".join(_variant(variant, compared=compared) for variant in variants)
    return (
        f"<section><h2><bdi>{_e(case.subject) or '(no subject)'}</bdi></h2>"
        f"<p class=note><bdi>{_e(about)}</bdi></p>{hard}<div class=letters>{letters}</div></section>"
    )


def _variant(variant: Variant, *, compared: bool) -> str:
    title = f"<h3><span class=lang>{_e(variant.language)}</span></h3>"
    if variant.now is None:
        return f"<article>{title}<p class=gap>It can't be made: {_e(variant.problem)}</p></article>"
    change = _change(variant.before, variant.now) if compared else ""
    return f"<article>{title}{change}{render_letter(variant.now, variant.language)}</article>"


def render_letter(letter: Printed, language: str) -> str:
    """Subject, text, and the HTML part in a frame that may do nothing at all."""
    frame = (
        f'<iframe sandbox="" loading=lazy title="HTML part, {_e(language)}" srcdoc="{_e(letter.html)}"></iframe>'
        if letter.html
        else "<p class=same>no HTML part</p>"
    )
    return (
        f"<p class=subject dir=auto>{_e(letter.subject)}</p>"
        f'<div class=parts><pre dir=auto lang="{_e(language)}">{_e(letter.text)}</pre>{frame}</div>'
    )


def _change(before: Printed | None, now: Printed) -> str:
    if before is None:
        return "<p class=gap>Nothing to compare with: no version in use is recorded.</p>"
    lines = changes(before, now)
    if not lines:
        return "<p class=same>Nothing changes for this mail.</p>"
    return f"<pre class=change>{''.join(_line(line) for line in lines)}</pre>"


def changes(before: Printed, now: Printed) -> list[str]:
    """What is different in a letter, as a unified diff of subject and text, and of the HTML part."""
    text = diff_texts(f"Subject: {before.subject}\n\n{before.text}", f"Subject: {now.subject}\n\n{now.text}", "text")
    return [*text, *diff_texts(before.html, now.html, "html")]


def _line(line: str) -> str:
    kind = {"+": "add", "-": "del"}.get(line[:1], "ctx")
    return f"<span class={kind}>{_e(line) or ' '}</span>"


def _e(value: object) -> str:
    return html.escape(str(value))
