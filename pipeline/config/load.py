"""Reads config.toml. Every mistake is reported with file, key and remedy (ConfigError, exit code 2)."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.config.settings import Config
from pipeline.errors import ConfigError, name_config_file


def load(path: Path) -> Config:
    """Reads and checks the file. Raises ConfigError with every mistake found."""
    name_config_file(str(path))
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            "there is no such file",
            where=str(path),
            remedy="make a working folder with `firstline init DIR`, or name the file with --config",
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"can't be read: {error}", where=str(path), remedy="correct the file there") from error
    return check(table, path)


def check(table: dict[str, object], path: Path) -> Config:
    """The same for a table that is read already."""
    if "path" in table:
        raise ConfigError("unknown key", where=f"{path}, path", remedy=_nearest("path", Config))
    try:
        return Config.model_validate({**table, "path": path})
    except ValidationError as error:
        problems = [_problem(item, path) for item in error.errors(include_url=False)]
        first = problems[0]
        more = "".join(f"\n{other}" for other in problems[1:])
        raise ConfigError(first.what, where=first.where, remedy=first.remedy + more) from None


def _problem(item: ErrorDetails, path: Path) -> ConfigError:
    keys = [str(key) for key in item["loc"]]
    where = f"{path}, {'.'.join(keys)}"
    match item["type"]:
        case "extra_forbidden":
            return ConfigError("unknown key", where=where, remedy=_nearest(keys[-1], model_at(keys[:-1])))
        case "missing":
            return ConfigError(
                "this key is missing", where=where, remedy="add it; config.toml of `firstline init` shows how"
            )
        case "string_pattern_mismatch":
            field = next(one for name, one in model_at(keys[:-1]).model_fields.items() if keys[-1] in (name, one.alias))
            return ConfigError(f"wrong value {item['input']!r}", where=where, remedy=f"{field.description}")
        case "value_error":
            return ConfigError("wrong value", where=where, remedy=str(item["ctx"]["error"]))
        case _:
            return ConfigError(f"wrong value: {item['msg']}", where=where, remedy=f"it is {item['input']!r} now")


def model_at(keys: list[str]) -> type[BaseModel]:
    """The section that is at this path, to suggest its keys."""
    model: type[BaseModel] = Config
    rest = iter(keys)
    for key in rest:
        field = next((field for name, field in model.model_fields.items() if key in (name, field.alias)), None)
        section = _section_of(field.annotation) if field else None
        if section is None:
            continue
        model = section
        if field and get_origin(field.annotation) is dict:
            next(rest, None)  # NAME, which is the operator's own word
    return model


def _section_of(annotation: object) -> type[BaseModel] | None:
    """The section inside a field's type: Section, Section | None, dict[str, Section], Annotated[Section, …]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _section_of(one))), None)


def _nearest(key: str, model: type[BaseModel]) -> str:
    known = [field.alias or name for name, field in model.model_fields.items() if name != "path"]
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else f"known here: {', '.join(known)}"
