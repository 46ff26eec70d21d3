"""What all sides of a session share: the screen that is up, and for whom. PURE."""

from kiosk import scenes, signals, timing, view, visit
from sync.feedback import surveys


class Held:
    """The screen waits for the card: which ticket, since when, and the pressed face, if any."""

    def __init__(self, ticket: int, since_ms: int, face: int | None) -> None:
        self.ticket, self.since_ms, self.face = ticket, since_ms, face


class Stage:
    """The state that every touch and tick works on.

    screen, under: the page that is up, and the one it was opened over.
    held: set while the card is awaited.
    touched_ms: when the screen was last touched or changed; limits count from here.
    """

    def __init__(self, config: signals.Configured) -> None:
        self.config = config
        self.around = signals.Around()
        self.now = 0
        self.screen: view.Screen = "ask"
        self.under: view.Screen = "ask"
        self.held: Held | None = None
        self.touched_ms = 0
        self._tickets = 0
        self._deaf_until = 0
        self._turned: tuple[object, int] = (None, 0)
        self.visit = visit.Visit(1, self.home)

    @property
    def survey(self) -> surveys.Survey:
        """The survey in force."""
        return self.config.survey

    @property
    def home(self) -> str:
        """The language that every visit begins in."""
        return scenes.offered(self.config.survey, self.config.settings)[0]

    @property
    def deaf(self) -> bool:
        """Whether a touch means nothing now: the card is awaited, or it is a second touch."""
        return self.held is not None or self.now < self._deaf_until

    def deafen(self, for_ms: int) -> None:
        """Let touches mean nothing for a while."""
        self._deaf_until = max(self._deaf_until, self.now + for_ms)

    def deafen_second_touch(self) -> None:
        """Let a second touch mean nothing."""
        self.deafen(timing.second_touch(self.visit.slow))

    def trembles(self, what: object) -> bool:
        """Whether what is turned on and off was touched a moment ago too: once more means nothing.

        A finger that trembles, or an impatient one, would turn it back.
        """
        before, when = self._turned
        self._turned = (what, self.now)
        return what == before and self.now - when < timing.second_touch(self.visit.slow)

    def ticket(self) -> int:
        """Return a new ticket for the recorder."""
        self._tickets += 1
        return self._tickets

    def hold(self, ticket: int, face: int | None) -> None:
        """Wait for the card before the screen goes on."""
        self.held = Held(ticket, self.now, face)

    @property
    def untouched(self) -> bool:
        """Whether nobody has begun anything: a fresh *ask*, or asleep."""
        return (
            self.held is None
            and self.screen in ("ask", "sleep")
            and not self.visit.changed(self.home)
        )

    def countdown(self) -> timing.Countdown:
        """Return what runs out on the screen that is up."""
        if self.held is not None:
            return timing.Countdown()
        return timing.limits(
            self.screen,
            slow=self.visit.slow,
            begun=self.visit.changed(self.home),
            given=bool(self.visit.given),
            open_now=self.around.open,
        ).countdown(self.touched_ms, self.now)

    def state(self) -> scenes.State:
        """Return what a view of the customer's side is made of."""
        return scenes.State(
            screen=self.screen,
            config=self.config,
            visit=self.visit,
            comments=self.around.comments,
            countdown=self.countdown(),
            pressed=self.held.face if self.held else None,
        )

    def finish(self, ended: visit.Ended) -> list[signals.Effect]:
        """End the visit and forget it; its `answer` is due only if something was touched."""
        effects: list[signals.Effect] = []
        if self.visit.given and self.visit.touched and not self.visit.answered:
            effects.append(self.visit.answer(self.ticket(), ended, self.now))
        self.visit = visit.Visit(self.visit.number + 1, self.home)
        self.held = None
        self.screen = self.under = "ask"
        return [*effects, signals.Back()]
