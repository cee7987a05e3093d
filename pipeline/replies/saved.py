"""Saved replies: `templates/<language>/saved/<name>.txt`, texts that an agent puts into an answer and goes on from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.errors import NotFoundError, TemplateError
from pipeline.replies.files import ERROR, decode, is_saved, read_head, take_snapshot
from pipeline.replies.sandbox import environment, render_bounded
from pipeline.replies.supervise import check


@dataclass(frozen=True, kw_only=True)
class SavedReply:
    """One of them in one language."""

    name: str  # the same in every language
    language: str
    title: str  # for agents: its line `Description:`, else its name


@dataclass
class SavedReplies:
    """Those of some folders; a file of a later one takes the place of one that is called the same."""

    folders: Sequence[Path]
    _fit: dict[str, str] = field(default_factory=dict)  # file → the source that was found fit

    def all(self, languages: Iterable[str]) -> list[SavedReply]:
        """Each in the first of these languages that has it, by name. What can't be read is left to `template lint`."""
        texts, found = self._texts(), dict[str, SavedReply]()
        for language in languages:
            for file, source in texts.items():
                path = PurePosixPath(file)
                if path.parts[0] == language and path.stem not in found:
                    title = read_head(source).fields.get("description", "") or path.stem
                    found[path.stem] = SavedReply(name=path.stem, language=language, title=title)
        return [found[name] for name in sorted(found)]

    def text(self, reply: SavedReply, values: Mapping[str, object]) -> str:
        """Filled in. Raises NotFoundError when it is gone, TemplateError when it is not fit."""
        file, texts = f"{reply.language}/saved/{reply.name}.txt", self._texts()
        if file not in texts:
            raise NotFoundError(f"there is no saved reply '{reply.name}'", where=file, remedy="choose another one")
        if self._fit.get(file) != texts[file]:
            self._assert_fit(file)
            self._fit[file] = texts[file]
        try:
            return render_bounded(environment(texts, escape=False).get_template(file), values).strip()
        except Exception as error:  # it is an agent's program: whatever it raises, that is what is wrong with it
            raise TemplateError(f"it can't be filled in: {error}", where=file, remedy="correct the file") from error

    def _assert_fit(self, file: str) -> None:
        """Looked at in a process of its own, like every template that nobody has checked yet."""
        findings = check(take_snapshot(*self.folders), only=[file]).findings
        if wrong := next((one for one in findings if one.severity == ERROR), None):
            raise TemplateError(wrong.message, where=f"{file}, line {wrong.line}", remedy=wrong.remedy)

    def _texts(self) -> dict[str, str]:
        return decode(take_snapshot(*self.folders, only=is_saved))[0]
