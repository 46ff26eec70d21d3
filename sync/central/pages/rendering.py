"""Templates, and the faces that they draw."""

import functools
import math
from typing import Any, NamedTuple

import jinja2
from litestar import Response


class Face(NamedTuple):
    """One face drawn from its mood (−1 the worst … 1 the best), in a box of 32 × 32."""

    mouth: str
    left_brow: str
    right_brow: str
    colour: int


@functools.cache
def face(number: int, faces: int) -> Face:
    """Give face `number` (1 is worst) of a scale of `faces`.

    Moods are told apart by curve and brows, never by the colour alone (screens.md, looks).
    """
    mood = 2 * (number - 1) / (faces - 1) - 1 if faces > 1 else 0.0
    bend = 5.5 * mood
    mouth = f"M9.5 {21 - bend / 2:.1f} Q16 {21 + bend:.1f} 22.5 {21 - bend / 2:.1f}"
    lift = 1.6 * max(mood, 0.0)
    # below the middle the inner ends rise: sad, never angry
    inner = 2.4 * max(-mood, 0.0)
    left = f"M8.5 {9.5 - lift:.1f} L13 {9.5 - lift - inner:.1f}"
    right = f"M19 {9.5 - lift - inner:.1f} L23.5 {9.5 - lift:.1f}"
    return Face(mouth, left, right, 1 + math.floor((mood + 1) * 2 + 0.5))


@functools.cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sync.central", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["face"] = face
    environment.filters["grouped"] = lambda number: f"{number:,}".replace(",", "\N{THIN SPACE}")
    return environment


def page(template: str, status: int = 200, **values: Any) -> Response[str]:
    """Answer with a page."""
    text = _templates().get_template(template).render(**values)
    return Response(text, status_code=status, media_type="text/html; charset=utf-8")


def titled(kind: str) -> str:
    """Give a problem's type in words: /problems/not-found is "Not found"."""
    return kind.rsplit("/", 1)[-1].replace("-", " ").capitalize()
