"""Jinja in a sandbox: from sources to a rendered letter, bounded in size. Only what the lint has passed comes here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.replies.files import LARGEST, beside, read_head

LONGEST_SUBJECT = 300


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A letter with its values filled in."""

    subject: str  # one line, by construction
    text: str
    html: str


class _Sources(BaseLoader):
    """Texts of files that are in memory, without their heads; never anything else."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        if template not in self.sources:
            raise TemplateNotFound(template)
        return body(template, self.sources[template]), template, None


class _Sandbox(ImmutableSandboxedEnvironment):
    """Names in `extends` and `include` are of the same language unless they say otherwise."""

    def join_path(self, template: str, parent: str) -> str:
        return beside(parent, template)


def body(file: str, source: str) -> str:
    """What of a file is template: all but the head of a text."""
    return read_head(source).body if file.endswith(".txt") else source


def environment(sources: Mapping[str, str], *, escape: bool) -> Environment:
    """Without what Jinja brings along, and without its habit of working out constants while it compiles."""
    made = _Sandbox(
        loader=_Sources(sources), undefined=StrictUndefined, autoescape=escape, keep_trailing_newline=True,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False, optimized=False, cache_size=-1,
    )  # fmt: skip
    made.globals.clear()
    return made


class Press:
    """Prints letters from one state of the files; what it has compiled once it keeps."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources
        self.plain, self.escaping = environment(sources, escape=False), environment(sources, escape=True)
        self._subjects: dict[str, Template] = {}

    def print(self, language: str, name: str, values: Mapping[str, object]) -> Printed:
        """Raises whatever a template may raise, and ValueError for one that says nothing or too much."""
        file, page = f"{language}/{name}.txt", f"{language}/{name}.html"
        text = render_bounded(self.plain.get_template(file), values).strip() + "\n"
        subject = one_line(render_bounded(self._subject(file), values))
        if not subject or not text.strip():
            raise ValueError("the subject or the text is empty")
        html = inline_styles(render_bounded(self.escaping.get_template(page), values)) if page in self.sources else ""
        return Printed(subject=subject, text=text, html=html)

    def _subject(self, file: str) -> Template:
        if file not in self._subjects:
            self._subjects[file] = self.plain.from_string(read_head(self.sources[file]).fields["subject"])
        return self._subjects[file]


PIECES = 100  # of a letter that are printed between two looks at its length


def render_bounded(template: Template, values: Mapping[str, object]) -> str:
    """Rendered some pieces at a time, so that it ends at the largest letter we send."""
    pieces = iter(template.root_render_func(template.new_context(dict(values))))
    text = ""
    while more := list(islice(pieces, PIECES)):
        text += "".join(more)
        if len(text) > LARGEST:
            raise ValueError(f"longer than {LARGEST} characters")
    return text


def one_line(text: str) -> str:
    """A header's worth: white space of every kind is one space, so that nothing can begin a second header."""
    return " ".join(text.replace("\0", " ").split())[:LONGEST_SUBJECT]


def inline_styles(page: str) -> str:
    """Style sheets of the page itself moved to where they apply, as many mail programs drop them. Loads nothing."""
    if "<style" not in page.lower():
        return page
    from css_inline import CSSInliner

    return CSSInliner(load_remote_stylesheets=False, keep_style_tags=True).inline(page)
