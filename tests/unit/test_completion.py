"""What shells complete, and the manual page: made from the command line, tried in the shells that are here."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from handbook.reference import completion
from tests.desk import ROOT

FOLDER = ROOT / "deploy/completion"


def _completed(*words: str) -> set[str]:
    """What bash offers when the last word is being typed."""
    typed = " ".join(f"'{word}'" for word in ("firstline", *words))
    script = (
        f"source '{FOLDER}/firstline.bash'; COMP_WORDS=({typed}); COMP_CWORD={len(words)}; "
        "_firstline; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("stat",), {"status"}),
        (("mail", "exp"), {"explain"}),
        (("mail", "bounces", "f"), {"forget"}),
        (("mail", "list", "--sta"), {"--state"}),
        (("--debug", "mail", "explain", "--js"), {"--json"}),
        (("model", "train", "--no-such"), set()),
    ],
)
def test_bash_completes(words: tuple[str, ...], offered: set[str]) -> None:
    assert _completed(*words) == offered


@pytest.mark.parametrize(
    ("shell", "file"), [("bash", "firstline.bash"), ("zsh", "_firstline"), ("fish", "firstline.fish")]
)
def test_a_shell_can_read_its_file(shell: str, file: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not here")
    subprocess.run([shell, "-n", FOLDER / file], check=True)


def test_every_place_of_the_command_line_is_known() -> None:
    tree = completion.tree()
    assert {"mail", "once", "help"} <= set(tree[""])
    assert all(place in tree for place in ("mail list", "mail bounces", "data confirm"))


def test_the_manual_page_can_be_set() -> None:
    if not shutil.which("groff"):
        pytest.skip("groff is not here")
    page = ROOT / "deploy/man/firstline.1"
    words = ["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-z", page]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stderr == ""
