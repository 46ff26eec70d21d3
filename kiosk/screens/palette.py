"""Colours that everybody can tell apart, or a sentence that says which pair cannot be. PURE.

1. Neighbouring faces differ by ΔE*ab (CIE 1976) ≥ 18 for full colour vision and under each of the
   three colour blindnesses, simulated by Machado, Oliveira and Fernandes (2009), severity 1, in
   linear RGB.
2. Ink on each face reads ≥ 4.5 : 1, and what marks a target ≥ 3 : 1 against its ground (WCAG 2.2).

Shape, place and word tell faces apart anyhow; colour only helps.
"""

from collections.abc import Sequence
from itertools import pairwise

Rgba = tuple[float, float, float, float]
Triple = tuple[float, float, float]

FACES = ("#E0665A", "#F0A24A", "#F6E39A", "#8CCB9E", "#56B4E0")
"""From the worst face to the best; scales with fewer faces leave out from the middle."""
INK = "#1F2326"
DIFFERENCE = 18.0
READABLE = 4.5
MARKED = 3.0

USED = {2: (0, 4), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
"""Which of the five colours a scale of so many faces wears."""

VISIONS: dict[str, tuple[Triple, Triple, Triple]] = {
    "full colour vision": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""Machado et al. 2009, table of severity 1.0: what reaches the eye, from linear RGB to linear
RGB.
"""


def rgb(colour: str) -> Triple:
    """`#RRGGBB` as three parts of 1."""
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def rgba(colour: str, alpha: float = 1.0) -> Rgba:
    """`#RRGGBB` as Kivy takes it."""
    return (*rgb(colour), alpha)


def linear(colour: Triple) -> Triple:
    """sRGB to linear light (IEC 61966-2-1)."""
    parts = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return tuple(parts)  # type: ignore[return-value]


def luminance(colour: str) -> float:
    """Relative luminance, 0 … 1 (WCAG 2.2)."""
    red, green, blue = linear(rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 … 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, vision: str) -> Triple:
    """Linear RGB of a colour as an eye with this vision sees it."""
    light = linear(rgb(colour))
    parts = (
        min(1.0, max(0.0, sum(k * c for k, c in zip(row, light, strict=True))))
        for row in VISIONS[vision]
    )
    return tuple(parts)  # type: ignore[return-value]


def lab(light: Triple) -> Triple:
    """Linear RGB to CIE L*a*b* under D65."""
    red, green, blue = light
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883

    def bent(t: float) -> float:
        return float(t ** (1 / 3)) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116

    return 116 * bent(y) - 16, 500 * (bent(x) - bent(y)), 200 * (bent(y) - bent(z))


def difference(one: str, other: str, vision: str = "full colour vision") -> float:
    """ΔE*ab (1976) between two colours as this vision sees them."""
    a, b = lab(seen(one, vision)), lab(seen(other, vision))
    return float(sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5)


def complaint(colours: Sequence[str], ink: str = INK) -> str | None:
    """Why these five colours may not be the faces', in one sentence that names pair, number and
    bound.

    Scales of 2 to 5 faces wear them by `USED`; every pair of neighbours in any of these is judged.
    """
    if len(colours) != len(FACES):
        return (
            f"palette: {len(colours)} colours; give {len(FACES)}, from the worst face to the best"
        )
    for colour in colours:
        reads = contrast(ink, colour)
        if reads < READABLE:
            return (
                f"palette: ink on {colour} reads {reads:.1f}:1; take a lighter colour, "
                f"at least {READABLE}:1"
            )
    pairs = {(a, b) for used in USED.values() for a, b in pairwise(used)}
    for a, b in sorted(pairs):
        for vision in VISIONS:
            apart = difference(colours[a], colours[b], vision)
            if apart < DIFFERENCE:
                return (
                    f"palette: {colours[a]} and {colours[b]} differ by {apart:.0f} for {vision}; "
                    f"neighbours need {DIFFERENCE:.0f} (ΔE*ab), make one lighter"
                )
    return None


def on(colour: str, light: str = "#FFFFFF", dark: str = INK) -> str:
    """Which of two inks reads better on a colour."""
    return light if contrast(light, colour) >= contrast(dark, colour) else dark
