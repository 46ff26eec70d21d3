"""One face drawn from numbers on one canvas: a disc with a thin ink rim, brows, eyes and mouth.

`expression` says where the features lie, `outline` makes smooth triangles of them. A press only
stretches what is drawn already, so that it shows on the very next frame however slow the machine.
"""

from array import array

from kivy.graphics import Color, Mesh, PopMatrix, PushMatrix, Scale, Translate
from kivy.graphics.texture import Texture

from kiosk.screens import expression, outline

_ramp: list[Texture] = []


def ramp() -> Texture:
    """The texture of two pixels, clear and solid, that every smooth mesh reads its cover from."""
    if not _ramp:
        texture = Texture.create(size=(2, 1), colorfmt="rgba", bufferfmt="ubyte")
        texture.blit_buffer(bytes((255, 255, 255, 0, 255, 255, 255, 255)), colorfmt="rgba")
        texture.wrap = "clamp_to_edge"
        _ramp.append(texture)
    return _ramp[0]


def mesh(shape: outline.Shape) -> Mesh:
    """A mesh instruction of a shape; `put` replaces what it shows."""
    return Mesh(vertices=shape[0], indices=shape[1], mode="triangles", texture=ramp())


def put(instruction: Mesh, shape: outline.Shape) -> None:
    """Show another shape by the same instruction: no instruction is ever made anew (kivy#2215)."""
    instruction.vertices, instruction.indices = shape if shape[0] else EMPTY


# below this radius (px) a glint in the eye would be a smudge
SMALL = 45

EMPTY: outline.Shape = (array("f", [0.0] * 12), array("H", [0, 1, 2]))
"""Nothing to be seen: Kivy takes no mesh without vertices."""


class Face:
    """A face on a canvas. `show` draws it, `press` squashes it; both keep the instructions."""

    def __init__(self, canvas: object) -> None:
        with canvas:  # type: ignore[attr-defined]  # a kivy Canvas, which has no types
            PushMatrix()
            self._move = Translate(0, 0)
            self._scale = Scale(1, 1, 1)
            self._rim_colour = Color()
            self._rim = mesh(EMPTY)
            self._skin_colour = Color()
            self._skin = mesh(EMPTY)
            self._ink_colour = Color()
            self._ink = mesh(EMPTY)
            self._light_colour = Color()
            self._light = mesh(EMPTY)
            PopMatrix()
        self._drawn: tuple[float, ...] = ()
        self._place = (0.0, 0.0)
        self.radius = 0.0
        self.pressed = 0.0

    def show(
        self,
        mood: float,
        centre: outline.Point,
        radius: float,
        *,
        skin: tuple[float, ...],
        ink: tuple[float, ...],
        light: tuple[float, ...],
        blink: float = 0.0,
        plain: bool = False,
    ) -> None:
        """Draw the face (`plain`: its disc alone).

        Nothing is computed again when only its place or its colours changed.
        """
        self._skin_colour.rgba, self._light_colour.rgba = skin, light
        self._ink_colour.rgba = self._rim_colour.rgba = ink
        self._place, self.radius = centre, radius
        if self._drawn != (mood, blink, radius, plain):
            self._drawn = (mood, blink, radius, plain)
            marks = expression.PLAIN if plain else expression.features(mood, blink)
            self._draw(marks, radius)
        self.press(self.pressed)

    def press(self, amount: float) -> None:
        """Squash the drawn face by 0 … 1."""
        self.pressed = amount
        width, height, sink = expression.squash(amount)
        self._move.xy = (self._place[0], self._place[1] + sink * self.radius)
        self._scale.xyz = (width, height, 1)

    def hide(self) -> None:
        """Draw nothing until the next `show`."""
        self._drawn = ()
        for part in (self._rim, self._skin, self._ink, self._light):
            put(part, EMPTY)

    def _draw(self, marks: expression.Features, radius: float) -> None:
        def sized(path: outline.Path) -> list[outline.Point]:
            return outline.placed(path, radius, 0, 0)

        rim = max(1.0, expression.RIM * radius)
        put(self._rim, outline.disc(0, 0, radius))
        put(self._skin, outline.disc(0, 0, max(0.5, radius - rim)))
        shapes = [outline.fill(sized(area)) for area in marks.areas]
        shapes += [outline.stroke(sized(line), width * radius) for line, width in marks.lines]
        put(self._ink, outline.join(shapes))
        light = [_band(sized(marks.teeth))] if marks.teeth else []
        if radius >= SMALL:
            light += [outline.fill(sized(glint)) for glint in marks.glints]
        put(self._light, outline.join(light))


def _band(path: list[outline.Point]) -> outline.Shape:
    """A long band filled piece by piece, as it bends too much to be seen from one centre."""
    half = len(path) // 2
    upper, lower = path[:half], path[half:][::-1]
    thick = [max(0.0, a[1] - b[1]) for a, b in zip(upper, lower, strict=True)]
    middle = [(a[0], (a[1] + b[1]) / 2) for a, b in zip(upper, lower, strict=True)]
    return outline.tapered(middle, thick)
