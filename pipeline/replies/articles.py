"""The help pages that an acknowledgement may offer: found on disk, and matched with what somebody asks.

`templates/<language>/articles/<name>.md`: the lines `Title: …` and `Link: https://…`, an empty line, then the text of
the page. The text is never sent; it tells what the page is about, so it may be a copy of it or just its questions.
"""

from __future__ import annotations

import copy
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import logs
from pipeline.config.settings import Config
from pipeline.records.letter import Article
from pipeline.records.mail import read_box
from pipeline.replies.files import Finding, error
from pipeline.text import likeness
from pipeline.text.likeness import Vector
from pipeline.text.regular_files import read_below

MOST_SIMILAR = 2  # articles found by similarity
MOST = 3  # in one letter, with those named for the topic
LEAST = 0.2  # similarity; tests/unit/replies/test_articles.py shows the mails it was set by
READ = 1_500  # characters of a mail that are compared: what is asked is at the beginning
LARGEST = 65_536  # bytes of an article's file
_TITLE_COUNTS = 2  # times
_LINK = re.compile(r"https://[^\s<>\"'{}]{4,300}")


@dataclass
class _ArticlePage:
    """An article and the words it is found by."""

    article: Article
    counts: Counter[str]


@dataclass
class _Language:
    """The articles of one language, ready to be compared."""

    pages: dict[str, Article]
    rarity: dict[str, float]  # of a token: how few of the articles have it
    vectors: dict[str, Vector]


@dataclass
class _LoadedArticles:
    stamp: tuple[tuple[str, int, int], ...] = ()
    pages: dict[tuple[str, str], _ArticlePage] = field(default_factory=dict)  # (language, name)
    languages: dict[str, _Language] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)  # file → why its last version is not in use


class ArticleShelf:
    """Implements doors.Articles over the folder of the templates, and over that of a mailbox with its own."""

    def __init__(self, folder: Path, own: Path | None = None) -> None:
        self.folder, self.folders = folder, (folder, own) if own else (folder,)
        self.of_mailboxes: dict[str, ArticleShelf] = {}  # those that have pages of their own
        self._lock = threading.Lock()
        self._shelf = _LoadedArticles()
        self.refresh()

    @classmethod
    def of(cls, config: Config) -> ArticleShelf:
        """As `[replies]` says, and `templates` of mailboxes."""
        folder = config.at(config.replies.templates)
        every = cls(folder)
        own = {name: box.templates for name, box in config.mailbox.items() if box.templates}
        every.of_mailboxes = {name: cls(folder, config.at(templates)) for name, templates in own.items()}
        return every

    def of_mailbox(self, name: str) -> ArticleShelf:
        """Those for the mail of this mailbox; its sent folder counts as the mailbox."""
        return self.of_mailboxes.get(read_box(name), self)

    @property
    def names(self) -> set[tuple[str, str]]:
        """What there is, as (language, name)."""
        return set(self._shelf.pages)

    @property
    def all(self) -> list[Article]:
        """By language and name."""
        return [page.article for _, page in sorted(self._shelf.pages.items())]

    @property
    def problems(self) -> Mapping[str, str]:
        """Files whose newest version can't be used, and why; the last good one serves."""
        return self._shelf.problems

    def refresh(self) -> None:
        """Picks up changed files; a broken one leaves its last good version in use."""
        for shelf in self.of_mailboxes.values():
            shelf.refresh()
        with self._lock:
            stamp = _stamp(self.folders)
            if stamp != self._shelf.stamp:
                self._shelf = _load(self.folders, stamp, self._shelf.pages)
                for file, problem in self._shelf.problems.items():
                    logs.get("articles").warning("article not usable", file=file, problem=problem)

    def fitting(self, text: str, language: str, named: Sequence[str]) -> list[Article]:
        """What may help the writer of this: the most similar ones, then those named, in this language."""
        spoken = self._shelf.languages.get(language)
        if spoken is None:
            return []
        similar = [name for name, share in self.ranked(text, language) if share >= LEAST][:MOST_SIMILAR]
        names = dict.fromkeys([*similar, *(name for name in named if name in spoken.pages)])
        return [spoken.pages[name] for name in names][:MOST]

    def ranked(self, text: str, language: str) -> list[tuple[str, float]]:
        """All articles of a language with their similarity to a text, 0 to 1, the best first."""
        spoken = self._shelf.languages.get(language)
        if spoken is None:
            return []
        asked = likeness.weighed(likeness.tokens(text[:READ]), spoken.rarity)
        found = [(name, likeness.cosine(asked, vector)) for name, vector in spoken.vectors.items()]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def shelf_with(shelf: ArticleShelf, language: str, name: str, source: str) -> ArticleShelf:
    """The same with one page as it was typed, which `article_findings` has passed. Nothing is written."""
    trial = copy.copy(shelf)
    pages = {**shelf._shelf.pages, (language, name): _page_of(language, name, source)}
    trial._shelf = _LoadedArticles(pages=pages, languages=_languages(pages))
    return trial


def problems_with(shelf: ArticleShelf, config: Config) -> Iterator[tuple[str, str, str]]:
    """What is wrong, as (where, what, remedy): files that are not in use, and topics' names that no file has."""
    for file, problem in shelf.problems.items():
        yield file, problem, "correct the file; its last good version serves meanwhile"
    known = {name for _, name in shelf.names}
    for mailbox, own in shelf.of_mailboxes.items():
        known |= {name for _, name in own.names}
        for file, problem in own.problems.items():
            if file not in shelf.problems:
                yield f"{mailbox}: {file}", problem, "correct the file; its last good version serves meanwhile"
    for section, settings in config.situations.items():
        for name in settings.articles:
            if name not in known:
                remedy = f"write {shelf.folder}/<language>/articles/{name}.md, or take the name out"
                yield f"{config.path.name}, {section}.articles", f"there is no article '{name}'", remedy


def _stamp(folders: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    stats = [(path, path.lstat()) for folder in folders for path in sorted(folder.glob("*/articles/*.md"))]
    return tuple((path.as_posix(), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


def _load(
    folders: Sequence[Path], stamp: tuple[tuple[str, int, int], ...], old: Mapping[tuple[str, str], _ArticlePage]
) -> _LoadedArticles:
    shelf = _LoadedArticles(stamp=stamp)
    for path in (path for folder in folders for path in sorted(folder.glob("*/articles/*.md"))):
        key = (path.parents[1].name, path.stem)
        try:
            shelf.pages[key] = _read(path.parents[2], path)
        except (ValueError, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            shelf.problems[f"{key[0]}/articles/{path.name}"] = why or "it can't be read"
            if key in old:
                shelf.pages[key] = old[key]
    shelf.languages = _languages(shelf.pages)
    return shelf


def _languages(pages: Mapping[tuple[str, str], _ArticlePage]) -> dict[str, _Language]:
    return {
        language: _compared({name: page for (spoken, name), page in pages.items() if spoken == language})
        for language in {language for language, _ in pages}
    }


def _read(folder: Path, path: Path) -> _ArticlePage:
    """Raises ValueError, in words for people, when the file can't serve; OSError when it can't be read."""
    data = read_below(folder, path.relative_to(folder), LARGEST + 1)
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8: save it with that encoding") from None
    for wrong in article_findings(path.name, source):
        raise ValueError(wrong.message)
    return _page_of(path.parents[1].name, path.stem, source)


def _page_of(language: str, name: str, source: str) -> _ArticlePage:
    lines = source.splitlines()
    head = dict(_head(lines))
    article = Article(name=name, language=language, title=head["title"], link=head["link"])
    return _ArticlePage(article, likeness.tokens(f"{article.title}\n" * _TITLE_COUNTS + "\n".join(lines[len(head) :])))


def article_findings(file: str, source: str) -> list[Finding]:
    """What keeps the file of a help page from being used; all of it are errors."""
    if len(source.encode("utf-8", "replace")) > LARGEST:
        return [
            error(
                file, 0, "size", f"it is over {LARGEST // 1024} KB", "shorten it: its text only tells what it is about"
            )
        ]
    head = dict(_head(source.splitlines()))
    found = []
    if not head.get("title") or not head["title"].isprintable():
        remedy = "write Title: and what the page is called"
        found.append(error(file, 1, "title", "a line 'Title: …' is missing at the top", remedy))
    if not _LINK.fullmatch(head.get("link", "")):
        message = "a line 'Link: https://…' is missing at the top, or its address does not begin with https"
        found.append(error(file, min(2, len(head) + 1), "link", message, "write Link: and the address of the page"))
    return found


def _head(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or name.strip().lower() not in ("title", "link"):
            return
        yield name.strip().lower(), value.strip()


def _compared(pages: Mapping[str, _ArticlePage]) -> _Language:
    rarity = likeness.rarity_of(page.counts for page in pages.values())
    vectors = {name: likeness.weighed(page.counts, rarity) for name, page in pages.items()}
    return _Language(pages={name: page.article for name, page in pages.items()}, rarity=rarity, vectors=vectors)
