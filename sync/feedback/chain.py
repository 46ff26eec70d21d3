"""The chain of streams: which boot came before which, and what that says of boots without clock.

``start.after`` names the last event before a stream. A boot's place is after the boot that its
own earliest such stream names. A boot without any clock is **bounded**: below by the last time of
the boot before, which may be bounded itself, above by the first known time of a boot after. Where
an image was restored two boots follow one; the earlier of their times is the bound.
"""

import collections
from collections.abc import Callable, Iterable
from typing import TypeAlias

from sync.feedback import boots

Times: TypeAlias = tuple[bool, int | None, int | None]
"""Of a boot: whether it knows the time, its first and its last time."""
_Bounds: TypeAlias = tuple[int | None, int | None]


class Chain:
    """Order among boots.

    ``of`` is the boot of each stream at hand, ``find`` finds those put away too; ``whole`` brings
    all visits of a boot to hand.
    """

    def __init__(
        self,
        all_boots: dict[str, boots.Boot],
        of: dict[str, boots.Boot],
        whole: Callable[[boots.Boot], boots.Boot],
        find: Callable[[str], boots.Boot | None],
    ) -> None:
        self._boots = all_boots
        self._of = of
        self._whole = whole
        self._find = find
        self._after: dict[str, set[str]] = {}  # boots after a boot
        self._missing: dict[str, set[str]] = {}  # boots that name a stream which has not come
        self._changed: set[str] = set()

    def __repr__(self) -> str:
        return f"<Chain of {len(self._boots)} boots, {len(self._missing)} streams missing>"

    def restore(self) -> None:
        """Find the links again after the boots were loaded."""
        for boot in self._boots.values():
            if boot.before:
                self._after.setdefault(boot.before, set()).add(boot.key)
            for stream in boot.streams.values():
                if stream.after and stream.after not in self._of:
                    self._missing.setdefault(stream.after, set()).add(boot.key)

    def at_rest(self, boot: boots.Boot) -> bool:
        """Whether no other boot can move this one, nor it another: all around it knows the time."""
        around = {boot.before, *self._after.get(boot.key, ())} & self._boots.keys()
        return (
            boot.clocks.known
            and all(self._boots[key].clocks.known for key in around)
            and all(not one.after or one.after in self._of for one in boot.streams.values())
            and not (boot.waiting or boot.contested)
        )

    # -- order

    def order(self, stream: str) -> tuple[int, str]:
        """Where a stream stands: a later one of the same chain is greater."""
        ancestors = self._ancestors(stream)
        return len(ancestors), stream

    def settled(self, streams: Iterable[str]) -> bool:
        """Whether the order among these streams can change no more: all hang on one root."""
        return len({self._ancestors(stream)[-1] for stream in streams}) < 2

    def _ancestors(self, stream: str) -> list[str]:
        """The stream, the one before it, and so on; streams that have not come end the list."""
        found = {stream: None}
        while (boot := self._find(stream)) is not None:
            stream = boot.streams[stream].after
            if not stream or stream in found:  # a circle is nonsense, but must not hold us up
                break
            found[stream] = None
        return list(found)

    # -- links

    def join(self, boot: boots.Boot, stream: str) -> None:
        """A stream has been added to ``boot``."""
        self._changed.add(boot.key)
        after = boot.streams[stream].after
        if after and after not in self._of:
            self._missing.setdefault(after, set()).add(boot.key)
        self._link(boot)
        for key in self._missing.pop(stream, ()):
            self._link(self._boots[key])

    def _link(self, boot: boots.Boot) -> None:
        named = [
            (stream.started, stream.id, self._of[stream.after].key)
            for stream in boot.streams.values()
            if stream.after in self._of and self._of[stream.after] is not boot
        ]
        before = min(named)[2] if named else ""
        if before == boot.before:
            return
        self._after.get(boot.before, set()).discard(boot.key)
        self._after.setdefault(before, set()).add(boot.key)
        self._changed |= {boot.key, before} & self._boots.keys()
        if boot.before in self._boots:
            self._changed.add(boot.before)
        boot.before = before

    # -- bounds

    @staticmethod
    def times(boot: boots.Boot | None) -> Times | None:
        """What the bounds of others depend on."""
        return (boot.clocks.known, boot.first_when, boot.last_when) if boot else None

    def settle(self, boot: boots.Boot, times: Times | None) -> None:
        """Bound anew whatever depends on ``boot``, whose times were ``times``, and on new links."""
        dirty, self._changed = self._changed, set()
        if self.times(boot) != times:
            dirty.add(boot.key)
        was: dict[str, _Bounds] = {}
        moved = self._bound_above(dirty, was)
        self._bound_below(dirty | moved, was)
        for key, bounds in was.items():
            self._move(self._boots[key], bounds)

    def _bound_above(self, dirty: set[str], was: dict[str, _Bounds]) -> set[str]:
        """Later boots bound earlier ones; gives the boots whose bound moved."""
        moved: set[str] = set()
        queue = collections.deque(dirty | {self._boots[key].before for key in dirty})
        for _ in range(self._patience):
            if not queue:
                break
            boot = self._boots.get(queue.popleft())
            if boot is None or boot.clocks.known:
                continue
            firsts = [self._first(self._boots[key]) for key in self._after.get(boot.key, ())]
            upper = min((first for first in firsts if first is not None), default=None)
            if upper != boot.upper:
                was.setdefault(boot.key, (boot.lower, boot.upper))
                boot.upper = upper
                moved.add(boot.key)
                queue.append(boot.before)
        return moved

    def _bound_below(self, dirty: set[str], was: dict[str, _Bounds]) -> None:
        """Earlier boots bound later ones."""
        queue = collections.deque(dirty)
        for key in dirty:
            queue.extend(self._after.get(key, ()))
        for _ in range(self._patience):
            if not queue:
                break
            boot = self._boots[queue.popleft()]
            if boot.clocks.known:
                continue
            before = self._boots.get(boot.before)
            lower = before.last_when if before else None
            if lower != boot.lower:
                was.setdefault(boot.key, (boot.lower, boot.upper))
                boot.lower = lower
                queue.extend(self._after.get(boot.key, ()))

    @property
    def _patience(self) -> int:
        """More steps than any chain needs; a circle of streams would go on for ever."""
        return 16 + 8 * len(self._boots)

    @staticmethod
    def _first(boot: boots.Boot) -> int | None:
        return boot.first_when if boot.clocks.known else boot.upper

    def _move(self, boot: boots.Boot, was: _Bounds) -> None:
        """Count ``boot`` anew if its new bounds make a difference."""
        bounds = (boot.lower, boot.upper)
        if boot.loose or bounds == was:
            return
        if not boot.bound_matters(was) and not boot.bound_matters(bounds):
            return
        boot.lower, boot.upper = was  # what is taken back was counted so
        boot = self._whole(boot)
        boot.loosen()
        boot.lower, boot.upper = bounds
