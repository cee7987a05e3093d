"""Words for somebody else's tracker: bounded, signed with our key, and inert whatever a hostile mail says.

A key is the last line of what we write (or ends a title in brackets), after everything that a customer wrote: so a
customer who quotes a key of ours can't pass for us.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.records.filing import Filing

_KEY = re.compile(r"firstline-[\w.-]{1,80}")
_MARK = re.compile(r"([@#!$&%~^])(?=\w)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_MENTION = re.compile(r"(?<!\w)@(?=\w)")
_CUT = "\n[…]"
# Signs that chats read as mentions, links, images, tables and emphasis, and others that look like them.
_LOOKALIKES = str.maketrans("<>[]|*~`\\", "‹›［］｜∗∼ˋ＼")
_SCHEME = re.compile(r":(?=/|\\)|(?<=\w):(?=\S*@)|(?<=\bmailto):|(?<=\btel):", re.IGNORECASE)
_DOT = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_]{2})|(?<=\d)\.(?=\d+\.\d+)|(?<=\bwww)\.", re.IGNORECASE)
_AT = re.compile(r"@(?=\S)")
_UNDERLINE = re.compile(r"__+|(?<!\w)_|_(?!\w)")
_LINE_START = re.compile(r"(?m)^([ \t]*)(?:(#+)|([-+=]{3,})|(/)(?=\w))")

ERASED = "erased"  # stands where something of a customer stood


def bounded(filing: Filing, longest_title: int, longest_text: int) -> tuple[str, str]:
    """Title and text as far as the tracker takes them; a title that is cut is in full above the text."""
    title = one_line(filing.title) or filing.key
    text = cut(filing.text, longest_text) if filing.text.strip() else title  # some refuse an empty one
    if len(title) <= longest_title:
        return title, text
    return title[: longest_title - 1].rstrip() + "…", cut(f"{title}\n\n{filing.text}".rstrip(), longest_text)


def marked(title: str, key: str) -> str:
    """A title with our key at its end, for trackers that have no better place for it."""
    return f"{title} [{key}]"


def is_marked(title: str, key: str) -> bool:
    """Ours, and not a customer's subject that quotes the key: that has another one behind it."""
    return title.rstrip().endswith(f"[{key}]")


def one_line(text: str) -> str:
    """Without line breaks and without what no database takes."""
    return " ".join(storable(text).split())


def storable(text: str) -> str:
    """Without what no database takes: zero bytes, and halves of characters."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def cut(text: str, most: int) -> str:
    """At most `most` characters; what is cut off says so."""
    text = storable(text)
    return text if len(text) <= most else text[: most - len(_CUT)].rstrip() + _CUT


def signed(text: str, key: str) -> str:
    """A comment with its key as the last line."""
    return f"{text}\n\n{key}"


def key_of(text: str) -> str:
    """The key with which we signed, '' when somebody else wrote this."""
    lines = text.rstrip().splitlines()
    last = lines[-1].strip() if lines else ""
    return last if _KEY.fullmatch(last) else ""


# --- inert ------------------------------------------------------------------------------------------------------------


def fenced(text: str) -> str:
    """Markdown that is shown as it stands: no mention, reference, image or command in it has any effect."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = "\n".join(re.split(r"\r\n|\r|\n", text))  # a lone CR ends a line for some readers and not for others
    return f"{fence}text\n{lines}\n{fence}"


def spaced(title: str) -> str:
    """A title in which `@name`, `#1` and their like are no references: fences do not work there."""
    return _MARK.sub(r"\1 ", title)


def preformatted(text: str) -> str:
    """For Textile, any Markdown, or no markup at all: `<pre>`, with every tag and mention inside broken.

    A Markdown that takes no HTML does not know `<pre>`: it goes by the four spaces.
    """
    broken = _MENTION.sub("@ ", _TAG.sub("< ", text))
    lines = "\n".join(f"    {line}" for line in re.split(r"\r\n|\r|\n", broken))
    return f"<pre>\n\n{lines}\n\n</pre>"


def inert(text: str) -> str:
    """For a chat, whichever it is (Slack, Teams, Mattermost …): it shows this as it stands, to nobody in particular.

    Each of them reads other signs as a mention, a link, a picture or a command, and each escapes them otherwise. So the
    signs are replaced by others that look like them and mean nothing to any program.
    """
    text = _SCHEME.sub("：", text)
    text = _DOT.sub("․", text)
    text = _AT.sub("＠", text)
    text = _UNDERLINE.sub(lambda found: "＿" * len(found[0]), text.translate(_LOOKALIKES))
    return _LINE_START.sub(lambda found: found[0].translate(_AT_LINE_START), text)


_AT_LINE_START = str.maketrans("#-+=/", "＃–＋＝∕")


def file_name(name: str) -> str:
    """A name that means nothing to anybody: letters, digits, dots and dashes."""
    return re.sub(r"[^\w.-]+", "_", name.replace("\0", "")).strip("._")[-100:] or "attachment"


def names_of_files(filing_files: Sequence[object]) -> str:
    """One line that says what is not passed on, for trackers whose interface takes no files."""
    names = [f"{file_name(getattr(file, 'name', ''))}" for file in filing_files]
    return f"\n\nAttached to the mail: {', '.join(names)}" if names else ""
