"""The Atlassian Document Format, as far as plain text needs it. Markup inside a text node has no effect."""

from __future__ import annotations

Node = dict[str, object]
_BLOCKS = ("paragraph", "heading", "codeBlock", "listItem", "blockquote", "rule", "tableRow", "panel")


def document(text: str, key: str = "") -> Node:
    """A paragraph for each that the text has, and one for our key."""
    paragraphs = [part for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()] + ([key] if key else [])
    return {"type": "doc", "version": 1, "content": [_paragraph(part) for part in paragraphs]}


def _paragraph(text: str) -> Node:
    content: list[Node] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            content.append({"type": "hardBreak"})
        if line:  # an empty text node is refused
            content.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": content}


def plain(node: object) -> str:
    """The text of a document; a text as it is (REST 2)."""
    return node if isinstance(node, str) else _plain(node).strip()


def _plain(node: object) -> str:
    match node:
        case {"type": "text", "text": text}:
            return str(text)
        case {"type": "hardBreak"}:
            return "\n"
        case {"type": "mention" | "emoji" | "status", "attrs": {"text": text}}:
            return str(text)
        case {"content": list(content), **more}:
            inside = "".join(_plain(one) for one in content)
            return f"{inside}\n" if more.get("type") in _BLOCKS else inside
        case _:
            return ""
