"""deploy/completion/: what a shell completes, from the command line itself.

Plain tables, not a call of the program at each key: that would take it half a second.
"""

from __future__ import annotations

from collections.abc import Mapping

from handbook.reference.commands import commands, is_shown

ROOT_OPTIONS = ("--config", "--debug", "--help", "--version")
BASH = """# Completion of firstline for bash: source this file.
_firstline() {
  local place="" word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place $word" in
%(places)s
    esac
  done
  case "$place" in
%(words)s
  esac
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _firstline firstline
"""
ZSH = """#compdef firstline
# Completion of firstline for zsh: put it into a folder of $fpath, under the name _firstline.
_firstline() {
  local place="" word words_
  for word in "${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
%(places)s
    esac
  done
  case "$place" in
%(words)s
  esac
  compadd -- ${=words_} || _files
}
compdef _firstline firstline
"""


def tree() -> Mapping[str, tuple[str, ...]]:
    """At each place of the command line ('' is behind `firstline`): the words that may follow."""
    found: dict[str, set[str]] = {"": set(ROOT_OPTIONS)}
    for name, command in commands():
        parts = name.split()
        for depth, word in enumerate(parts):
            found.setdefault(" ".join(parts[:depth]), set()).add(word)
        options = {one for option in command.params if is_shown(option) for one in option.opts}
        found.setdefault(name, set()).update(options, {"--help"})
    return {place: tuple(sorted(words)) for place, words in sorted(found.items())}


def bash() -> str:
    """The file for bash."""
    return BASH % {"places": _places(), "words": _words("words")}


def zsh() -> str:
    """The file for zsh."""
    return ZSH % {"places": _places(), "words": _words("words_")}


def fish() -> str:
    """The file for fish."""
    lines = ["# Completion of firstline for fish: put it to ~/.config/fish/completions/firstline.fish."]
    for place, words in tree().items():
        parts = place.split()
        seen = "; and ".join(f"__fish_seen_subcommand_from {part}" for part in parts) or "__fish_use_subcommand"
        plain = " ".join(word for word in words if not word.startswith("-"))
        lines += [f"complete -c firstline -f -n '{seen}' -a '{plain}'"] if plain else []
        lines += [f"complete -c firstline -n '{seen}' -l {word[2:]}" for word in words if word.startswith("--")]
    return "\n".join(lines) + "\n"


def _places() -> str:
    return "\n".join(f'      "{_behind(place)}") place="{place}" ;;' for place in tree() if place)


def _behind(place: str) -> str:
    """The place before, and the word that leads on."""
    before, _, word = place.rpartition(" ")
    return f"{before} {word}"


def _words(name: str) -> str:
    return "\n".join(f'    "{place}") {name}="{" ".join(words)}" ;;' for place, words in tree().items())
