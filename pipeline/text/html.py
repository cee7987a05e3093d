"""HTML to text, with quotations marked as in plain mail."""

from __future__ import annotations

import re
from itertools import islice

from pipeline.text.clean import tidy

HTML = 1_000_000  # characters of HTML that are read
TAGS = 60_000  # unclosed formatting tags cost the square of their number: 60,000 of them 0.4 s
_QUOTE, _UNQUOTE = "\ue000", "\ue001"  # private characters that mark where a quotation begins and ends
_BLOCKQUOTE = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)
# What a reader does not see must not be classified: preheaders, hidden words.
_HIDDEN = [
    f'[style*="{style}" i]'
    for words in ("display:none", "visibility:hidden", "mso-hide:all", "font-size:0px", "font-size:0;", "max-height:0")
    for style in (words, words.replace(":", ": "))
] + ["[hidden]", "template", "head"]


def html_to_text(html: str) -> str:
    """The text of an HTML mail with its layout; quotations (blockquote) get "> " before each line, as in plain mail."""
    from resiliparse.extract.html2text import extract_plain_text  # slow to import, and most mails don't need it

    html = _bounded(html).replace(_QUOTE, "").replace(_UNQUOTE, "").replace("\0", "")
    marked = _BLOCKQUOTE.sub(lambda tag: f"{_UNQUOTE}{tag[0]}" if tag[1] else f"{tag[0]}{_QUOTE}", html)
    text = extract_plain_text(marked, main_content=False, alt_texts=False, links=False, skip_elements=_HIDDEN)
    return tidy(_with_quote_marks(text) if _QUOTE in text else text).strip()


def _bounded(html: str) -> str:
    html = html[:HTML]
    if html.count("<") <= TAGS:
        return html
    last = next(islice(re.finditer("<", html), TAGS, None))
    return html[: last.start()]


def _with_quote_marks(text: str) -> str:
    lines, depth = [], 0
    for line in text.split("\n"):
        opened, closed = line.count(_QUOTE), line.count(_UNQUOTE)
        bare = line.replace(_QUOTE, "").replace(_UNQUOTE, "")
        level = min(depth + opened, 5)
        depth = max(0, depth + opened - closed)
        lines.append(f"{'>' * level} {bare}" if level and (bare.strip() or depth) else bare)
    return "\n".join(lines)
