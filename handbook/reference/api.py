"""docs/reference/api.md: the API of the pages, from the description that it gives itself (OpenAPI)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI

from pipeline.web import api

Schema = Mapping[str, Any]
HEAD = """# The API
*For programmers whose shop, chat or telephone passes on what customers say.*

Made from the description that the program gives itself at `/api/openapi.json`. How to use it, with an example:
[the API](../web.md#the-api).
"""


def page() -> str:
    """The page, in Markdown."""
    app = FastAPI(title="Firstline", summary=api.SUMMARY)
    app.include_router(api.router)
    described = app.openapi()
    calls = "".join(_call(path, verb, one) for path, verbs in described["paths"].items() for verb, one in verbs.items())
    schemas = described.get("components", {}).get("schemas", {})
    return HEAD + calls + "".join(_schema(name, one) for name, one in sorted(schemas.items()))


def _call(path: str, verb: str, one: Schema) -> str:
    answers = "".join(
        f"| {code} | {_words(answer.get('description', ''))} | {_type(_content(answer))} |\n"
        for code, answer in sorted(one["responses"].items())
    )
    body = one.get("requestBody")
    sent = f"\nThe body: {_type(_content(body))}\n" if body else ""
    table = f"\n| code | means | body |\n|---|---|---|\n{answers}"
    return f"\n## {verb.upper()} {path}\n{one.get('description') or one.get('summary', '')}\n{sent}{table}"


def _content(body: Schema) -> Schema:
    found: Schema = body.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _schema(name: str, one: Schema) -> str:
    if "properties" not in one:
        return ""
    required = one.get("required", [])
    rows = "".join(
        f"| `{key}` | {_type(value)} | {'yes' if key in required else ''} | {_words(value.get('description', ''))} |\n"
        for key, value in one["properties"].items()
    )
    about = _words(one.get("description", ""))
    return f"\n### {name}\n{about}\n\n| field | type | required | |\n|---|---|---|---|\n{rows}"


def _type(schema: Schema) -> str:
    return ", ".join(_types(schema)) or "anything"


def _types(schema: Schema) -> Iterator[str]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield f"[{name}](#{name.lower()})"
    for one in schema.get("anyOf", ()):
        yield from _types(one)
    if schema.get("type") == "array":
        yield f"list of {_type(schema['items'])}"
    elif "type" in schema:
        longest = f", at most {schema['maxLength']} characters" if "maxLength" in schema else ""
        yield f"{schema['type']}{longest}"


def _words(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
