"""deploy/man/firstline.1: the manual page, from the command line itself."""

from __future__ import annotations

from typing import Any

from handbook.reference.commands import commands, given, is_shown, names_of

HEAD = r""".TH FIRSTLINE 1
.SH NAME
firstline \- a support mailbox that answers for itself
.SH SYNOPSIS
.B firstline
[\fB\-\-config\fR FILE] [\fB\-\-debug\fR] COMMAND ...
.SH DESCRIPTION
Firstline reads each mail of a support mailbox, acknowledges it at once, puts every complaint into a tracker, and
watches what was promised. The configuration is ./config.toml unless \-\-config or FIRSTLINE_CONFIG says otherwise.
.SH COMMANDS
"""
FOOT = r""".SH EXIT STATUS
0 done; 1 a check found a problem; 2 wrong use or configuration; 3 a server could not be reached; 4 stored data is
damaged or from a newer version.
.SH ENVIRONMENT
.TP
FIRSTLINE_CONFIG
The configuration file.
.SH SEE ALSO
\fBfirstline help\fR prints pages of the documentation.
"""


def page() -> str:
    """The page, in roff (man(7))."""
    return HEAD + "".join(_entry(name, command) for name, command in commands()) + FOOT


def _entry(name: str, command: Any) -> str:
    arguments = " ".join(given(one) for one in command.params if one.param_type_name == "argument")
    options = "".join(
        f".RS\n.TP\n\\fB{_plain(names_of(one))}\\fR\n{_plain(one.help or '')}\n.RE\n"
        for one in command.params
        if is_shown(one)
    )
    return f".SS \\fBfirstline {_plain(name)}\\fR {_plain(arguments)}\n{_plain(command.help or '')}\n{options}"


def _plain(text: str) -> str:
    """Text of ours that nothing in roff takes for a command."""
    text = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text
