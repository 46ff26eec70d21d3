"""Quantiles of Beta and Student's t in plain Python: no library of numbers on a kiosk."""

import math
from collections.abc import Callable
from typing import Final

Z: Final = 1.959963984540054
"""The normal quantile of 97.5 %."""

_TINY: Final = 1e-300


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b) for a, b > 0.

    Source: continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions,
    evaluated
    by Lentz's method; I_x(a, b) = 1 − I_(1−x)(b, a) where that converges faster. Error below 1e-10.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_cdf(1 - x, b, a)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front += a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    def kept(value: float) -> float:
        return value if abs(value) > _TINY else _TINY

    c, d = 1.0, 1 / kept(1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, 1000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / kept(1 + term * d)
            c = kept(1 + term / c)
            result *= d * c
        if abs(d * c - 1) < 1e-13:
            break
    return result


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = p, to 1e-10; 0 or 1 where a or b is 0 (all mass on that end)."""
    if a <= 0 or b <= 0:
        return 0.0 if a <= 0 else 1.0
    return _root(lambda x: beta_cdf(x, a, b) - p, 0.0, 1.0)


def t_quantile(p: float, df: float) -> float:
    """The p-quantile of Student's t with ``df`` degrees of freedom, for 0.5 ≤ p < 1.

    Source: the t distribution as a beta distribution, DLMF 8.17 (df/(df + t²) is Beta(df/2, 1/2)).
    """
    x = beta_quantile(2 * (1 - p), df / 2, 0.5)
    return math.sqrt(df * (1 - x) / x) if x > 0 else math.inf


def _root(f: Callable[[float], float], low: float, high: float) -> float:
    """Where the rising ``f`` crosses 0: regula falsi, Illinois variant, halving as a safeguard."""
    at_low, at_high = f(low), f(high)
    for step in range(200):
        if high - low < 1e-11:
            break
        x = (low * at_high - high * at_low) / (at_high - at_low)
        if step % 3 == 2 or not low < x < high:
            x = (low + high) / 2
        value = f(x)
        if value == 0:
            return x
        if value < 0:
            low, at_low = x, value
            at_high /= 2
        else:
            high, at_high = x, value
            at_low /= 2
    return (low + high) / 2
