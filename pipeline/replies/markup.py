"""What the HTML of a letter may hold: nothing that is loaded from elsewhere, nothing that runs, no hidden ways out.

The source is looked at with every branch written out one after the other, so that a branch not taken is seen too; the
rendered page is looked at again. An expression stands as its sample between two marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from jinja2 import nodes

MARK = "\ue000"  # of private use: put around what an expression yields
_FORBIDDEN = (
    "script iframe frame frameset object embed applet link base form input button textarea select audio video source "
    "track svg math template noscript portal picture"
).split()
_LOADING = "src srcset background poster data action formaction longdesc cite ping manifest href".split()
_OWN_PICTURE = re.compile(r"data:image/(png|gif|jpeg|webp);base64,[A-Za-z0-9+/=\s]*")
_LINK = re.compile(r"(https://|mailto:|#)[^\s]*", re.IGNORECASE)
_STYLE_LOADS = re.compile(r"url\s*\(|@import|expression\s*\(|image-set|behavior\s*:|-moz-binding|\\", re.IGNORECASE)

Problem = tuple[int, str, str, str]  # line, code, message, remedy


def sources(tree: nodes.Template, samples: Mapping[str, object]) -> Iterator[str]:
    """The page as written: with all branches, with only the first of each `if`, with only the last of each."""
    for chosen in (slice(None), slice(0, 1), slice(-1, None)):
        writer = _Writer(chosen)
        writer.write(tree.body, samples)
        yield "".join(writer.pieces)


@dataclass
class _Writer:
    """Puts everything into the line where it is in the file."""

    chosen: slice  # which branches of an `if`
    pieces: list[str] = field(default_factory=list)
    line: int = 1

    def write(self, body: Sequence[nodes.Node], samples: Mapping[str, object]) -> None:
        for node in body:
            match node:
                case nodes.Output():
                    for child in node.nodes:
                        self._put(child, samples)
                case nodes.If():
                    for branch in [node.body, *(other.body for other in node.elif_), node.else_][self.chosen]:
                        self.write(branch, samples)
                case nodes.For():
                    self.write(node.body, _inside(node, samples))
                    self.write(node.else_, samples)
                case nodes.Block():
                    self.write(node.body, samples)

    def _put(self, node: nodes.Node, samples: Mapping[str, object]) -> None:
        is_text = isinstance(node, nodes.TemplateData)
        text = node.data if isinstance(node, nodes.TemplateData) else f"{MARK}{_sample(node, samples)}{MARK}"
        # What Jinja cuts off after its tags is put back, as lines count; not inside a tag, where it would tear a value.
        if is_text and text.startswith(("<", "\n", " ")):
            text = "\n" * max(node.lineno - self.line, 0) + text
        self.line += text.count("\n")
        self.pieces.append(text)


def _inside(node: nodes.For, samples: Mapping[str, object]) -> Mapping[str, object]:
    items = _sample(node.iter, samples)
    if isinstance(node.target, nodes.Name) and isinstance(items, list) and items:
        return {**samples, node.target.name: items[0]}
    return samples


def _sample(node: nodes.Node, samples: Mapping[str, object]) -> object:
    match node:
        case nodes.Name():
            return samples.get(node.name, "")
        case nodes.Const():
            return node.value
        case nodes.Getattr():
            whole = _sample(node.node, samples)
            return whole.get(node.attr, "") if isinstance(whole, dict) else ""
    return "text"


def problems(page: str) -> list[Problem]:
    """What a page holds that a letter must not, each once, with its line."""
    reader = _PageReader()
    reader.feed(page)
    reader.close()
    return list(dict.fromkeys([*reader.found, *_named_tags(page)]))


def _named_tags(page: str) -> Iterator[Problem]:
    """A variable right behind a `<` would name the tag."""
    for found in re.finditer(f"<[/!?]?{MARK}", page):
        line = page.count("\n", 0, found.start()) + 1
        yield (
            line,
            "unquoted",
            "a variable is used where a tag is named",
            "write &lt; for a sign that readers should see",
        )


class _PageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Problem] = []
        self._style = False

    def _say(self, code: str, message: str, remedy: str) -> None:
        self.found.append((self.getpos()[0], code, message, remedy))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        tag = tag.replace(MARK, "")
        if tag in _FORBIDDEN:
            self._say(
                "remote-content", f"<{tag}> has no place in a mail", "delete it; write text, and put links into <a>"
            )
        if tag == "meta" and any(
            name == "http-equiv" and (value or "").lower() != "content-type" for name, value in attrs
        ):
            self._say("remote-content", "this <meta> could lead the reader elsewhere", "delete it")
        if _unquoted(self.get_starttag_text() or ""):
            self._say("unquoted", "a variable without quotes is in a tag, so its words would be part of the tag",
                      'put quotes around the whole value: title="{{ name }}"')  # fmt: skip
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        plain = value.replace(MARK, "").strip()
        if name.startswith("on"):
            self._say("remote-content", f"'{name}' would run a program at the reader's", "delete it")
        elif name == "href" and not (_LINK.fullmatch(plain) and _leads_where_it_says(value.strip())):
            remedy = "only https:// and mailto: links are allowed, and a variable only behind the host"
            self._say("link", "a link leads to where it should not", remedy)
        elif name == "style":
            self._styled(value)
        elif (
            name.rpartition(":")[2] in _LOADING
            and name != "href"
            and not (tag == "img" and _OWN_PICTURE.fullmatch(plain))
        ):
            self._say("remote-content", f"'{name}' would load something from elsewhere when the mail is opened",
                      "write text; a small picture can be in the file itself: data:image/png;base64,…")  # fmt: skip

    def handle_data(self, data: str) -> None:
        if self._style:
            self._styled(data)

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self._say("comment", "a variable is inside a comment", "delete the comment")
        if data.lower().lstrip().startswith("[if"):
            self._say("comment", "comments for single mail programs can hide what they show", "delete the comment")

    def _styled(self, style: str) -> None:
        if MARK in style:
            self._say("style", "a variable is in a style", "write the style out")
        if _STYLE_LOADS.search(style):
            self._say(
                "remote-content",
                "this style would load something from elsewhere",
                "delete url(…), @import and the like",
            )


def _leads_where_it_says(link: str) -> bool:
    """What a stranger wrote must not choose the host. A link of ours may be a whole variable."""
    if MARK not in link or re.fullmatch(rf"{MARK}https://[^{MARK}]*{MARK}", link):
        return True
    return bool(re.match(rf"https://[^/?#{MARK}]+[/?#]|mailto:[^?{MARK}]*\?|#", link, re.IGNORECASE))


def _unquoted(tag: str) -> bool:
    """Is an expression in the tag anywhere but inside quotes?"""
    return MARK in re.sub(r"\"[^\"]*\"|'[^']*'", "", tag)
