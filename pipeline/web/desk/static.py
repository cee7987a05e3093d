"""The style sheet and the script of the desk, by addresses that change with them, so that browsers may keep them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response

from pipeline.web.desk.visits import STATIC

router = APIRouter()
_FOLDER = Path(__file__).parent.parent
_TYPES = {"desk.css": "text/css", "desk.js": "text/javascript"}
_FILES = {name: (_FOLDER / name).read_bytes() for name in _TYPES}
STATIC |= {name: f"/desk/static/{name}?v={hashlib.sha256(data).hexdigest()[:12]}" for name, data in _FILES.items()}


@router.get("/desk/static/desk.css")
def style() -> Response:
    """The style sheet."""
    return _file("desk.css")


@router.get("/desk/static/desk.js")
def script() -> Response:
    """The script; pages work without it."""
    return _file("desk.js")


def _file(name: str) -> Response:
    return Response(_FILES[name], media_type=_TYPES[name], headers={"Cache-Control": "max-age=31536000, immutable"})
