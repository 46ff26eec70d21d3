"""Where a kiosk is enrolled, and whose its streams are.

1. A stream belongs to the kiosk (and office) it was opened for; that stands in its files.
2. What was recorded before any enrolment belongs to the first one.
3. An enrolment with ``replay`` takes over every stream of the enrolments before it: the whole card
   goes to an office that was rebuilt empty.
4. A token belongs to a kiosk of an office; the newest one counts. Two offices may give two kiosks
   the same name: neither gets the other's streams.
"""

import msgspec


class Enrolment(msgspec.Struct, frozen=True, omit_defaults=True):
    """One office's word that this is one of its kiosks. ``token`` is a secret: never shown."""

    url: str
    office: str
    kiosk: str
    token: str
    site: str = ""
    touchpoint: str = ""
    time_zone: str = "UTC"
    insecure: bool = False
    replay: bool = False

    @property
    def place(self) -> tuple[str, str]:
        """Office and kiosk: what tells one place from all others."""
        return self.office, self.kiosk

    def __repr__(self) -> str:
        return f"Enrolment(url={self.url!r}, office={self.office!r}, kiosk={self.kiosk!r})"


class Identity(msgspec.Struct, frozen=True, omit_defaults=True):
    """All enrolments of this card, oldest first; the last one is in force."""

    enrolments: tuple[Enrolment, ...] = ()

    @property
    def current(self) -> Enrolment | None:
        """The enrolment in force, None before the first."""
        return self.enrolments[-1] if self.enrolments else None

    @property
    def enrolled(self) -> bool:
        """Whether any office knows this kiosk."""
        return bool(self.enrolments)

    def of(self, kiosk: str, office: str) -> Enrolment | None:
        """The newest enrolment as this kiosk of this office; None when the card never had one."""
        found = (e for e in reversed(self.enrolments) if e.place == (office, kiosk))
        return next(found, None)

    def owner(self, office: str, kiosk: str) -> tuple[str, str]:
        """Office and kiosk that a stream opened for these belongs to today, by the rules above."""
        places = [e.place for e in self.enrolments]
        first = places.index((office, kiosk)) if (office, kiosk) in places else 0
        heirs = [e for e in self.enrolments[first:] if e.replay]
        if heirs:
            return heirs[-1].office, heirs[-1].kiosk
        if not kiosk and self.enrolments:
            return self.enrolments[0].office, self.enrolments[0].kiosk
        return office, kiosk

    def enrol(self, enrolment: Enrolment) -> "Identity":
        """With one more enrolment; the same kiosk again is a new token, not a new place."""
        last = self.current
        if last is not None and last.place == enrolment.place and not enrolment.replay:
            kept = self.enrolments[:-1]
            return Identity((*kept, msgspec.structs.replace(enrolment, replay=last.replay)))
        return Identity((*self.enrolments, enrolment))

    def roll(self, kiosk: str, office: str, token: str) -> "Identity":
        """With a new token for this kiosk of this office."""
        return Identity(
            tuple(
                msgspec.structs.replace(e, token=token) if e.place == (office, kiosk) else e
                for e in self.enrolments
            )
        )
