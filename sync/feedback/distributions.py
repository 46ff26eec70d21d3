"""Quantiles of Beta and Student's t in plain Python: no library of numbers on a kiosk."""

import math
from typing import Final

Z: Final = 1.959963984540054
"""The normal quantile of 97.5 %."""

_TINY: Final = 1e-300


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b) for a, b > 0.

    Source: continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions,
    evaluated by Lentz's method; I_x(a, b) = 1 − I_(1−x)(b, a) where that converges faster. Error
    below 1e-10.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.exp(_log_front(a, b) + a * math.log(x) + b * math.log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _fraction(1 - x, b, a) / b
    return front * _fraction(x, a, b) / a


def _log_front(a: float, b: float) -> float:
    return math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, 1000):
        twice = a + 2 * m
        for term in (
            m * (b - m) * x / ((twice - 1) * twice),
            -(a + m) * (a + b + m) * x / (twice * (twice + 1)),
        ):
            d = 1 / ((1 + term * d) or _TINY)
            c = (1 + term / c) or _TINY
            result *= d * c
        if abs(d * c - 1) < 1e-13:
            break
    return result


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = p; 0 or 1 where a or b is 0 (all mass on that end).

    To nine digits of the distance from the nearer end, or 1e-15.
    """
    if a <= 0 or b <= 0:
        return 0.0 if a <= 0 else 1.0
    low, high = 0.0, 1.0
    middle = a / (a + b)
    x = middle + math.copysign(2 * math.sqrt(middle * (1 - middle) / (a + b + 1)), p - 0.5)
    if not low < x < high:
        x = middle
    front = _log_front(a, b)
    for _ in range(200):  # Newton's steps, halving where one leaves the bracket
        error = beta_cdf(x, a, b) - p
        low, high = (x, high) if error < 0 else (low, x)
        density = math.exp(front + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x))
        near = x - error / density if density else -1.0
        if not low < near < high:
            near = (low + high) / 2
        moved, x = abs(near - x), near
        if moved < max(1e-9 * min(x, 1 - x), 1e-15):
            break
    return x


def t_quantile(p: float, df: float) -> float:
    """The p-quantile of Student's t with ``df`` degrees of freedom, for 0.5 ≤ p < 1.

    Source: the t distribution as a beta distribution, DLMF 8.17 (df/(df + t²) is Beta(df/2,
    1/2)).
    """
    x = beta_quantile(2 * (1 - p), df / 2, 0.5)
    return math.sqrt(df * (1 - x) / x) if x > 0 else math.inf
