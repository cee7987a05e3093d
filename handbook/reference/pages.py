"""Which page is made by what. A new page: a module with `page()`, a line here, and its place in mkdocs.yml."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handbook.reference import api, commands, completion, configuration, guard, manpage, metrics

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/commands.md": commands.page,
    "docs/reference/configuration.md": configuration.page,
    "docs/reference/guard.md": guard.page,
    "docs/reference/metrics.md": metrics.page,
    "docs/reference/api.md": api.page,
    "deploy/man/firstline.1": manpage.page,
    "deploy/completion/firstline.bash": completion.bash,
    "deploy/completion/_firstline": completion.zsh,
    "deploy/completion/firstline.fish": completion.fish,
}
