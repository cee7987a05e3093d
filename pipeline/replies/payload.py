"""A tracker's payload: a Jinja template of the operator's that makes the body of a request, no letter and no HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment


def compile_payload(source: str) -> Callable[[Mapping[str, object]], str]:
    """What fills the template in. Escaping is up to `tojson`. Implements `CompilePayload` of doors.py.

    Raises ValueError for what is no template; what is returned raises ValueError for whatever goes wrong in one.
    """
    try:
        template = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False).from_string(source)
    except TemplateError as error:
        raise ValueError(str(error)) from error

    def render(values: Mapping[str, object]) -> str:
        try:
            return template.render(values)
        except Exception as error:  # whatever an operator's template may raise
            raise ValueError(f"{type(error).__name__}: {error}") from error

    return render
