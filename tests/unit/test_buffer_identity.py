"""Whose a stream is, by the enrolments of its card."""

from sync.buffer.identity import Enrolment, Identity


def enrolment(number: int, *, token: str = "t", replay: bool = False) -> Enrolment:
    """An enrolment at office and kiosk ``number``."""
    return Enrolment(
        url="https://o", office=f"o_{number}", kiosk=f"k_{number}", token=token, replay=replay
    )


def test_unenrolled() -> None:
    """Without any enrolment a stream belongs to nobody."""
    assert Identity().owner("", "") == ("", "")
    assert Identity().current is None
    assert not Identity().enrolled


def test_what_came_before_belongs_to_the_first() -> None:
    """Streams from before any enrolment belong to the first office, also after a second."""
    identity = Identity().enrol(enrolment(1)).enrol(enrolment(2))
    assert identity.owner("", "") == ("o_1", "k_1")


def test_old_streams_stay_with_theirs() -> None:
    """A stream belongs to the kiosk it was opened for."""
    identity = Identity().enrol(enrolment(1)).enrol(enrolment(2))
    assert identity.owner("o_1", "k_1") == ("o_1", "k_1")
    assert identity.owner("o_2", "k_2") == ("o_2", "k_2")


def test_a_foreign_cards_streams_stay_foreign() -> None:
    """A stream of a kiosk that this card never was stays that kiosk's."""
    assert Identity().enrol(enrolment(1)).owner("o_9", "k_9") == ("o_9", "k_9")


def test_replay_takes_over_what_came_before() -> None:
    """An enrolment with replay takes over the streams before it, and none after it."""
    identity = Identity().enrol(enrolment(1)).enrol(enrolment(2, replay=True))
    assert identity.owner("", "") == ("o_2", "k_2")
    assert identity.owner("o_1", "k_1") == ("o_2", "k_2")
    later = identity.enrol(enrolment(3))
    assert later.owner("o_1", "k_1") == ("o_2", "k_2")
    assert later.owner("o_3", "k_3") == ("o_3", "k_3")


def test_the_newest_token_counts() -> None:
    """A kiosk's newest token is the one that is used, rolled or by enrolling again."""
    identity = Identity().enrol(enrolment(1)).enrol(enrolment(1, token="u"))
    assert len(identity.enrolments) == 1
    found = identity.of("k_1", "o_1")
    assert found is not None
    assert found.token == "u"
    rolled = identity.enrol(enrolment(2)).roll("k_1", "o_1", "v").of("k_1", "o_1")
    assert rolled is not None
    assert rolled.token == "v"
    assert identity.of("k_9", "o_9") is None


def test_an_office_that_gives_anothers_name_gets_nothing_of_its() -> None:
    """A kiosk's name counts only together with its office's.

    A strange office could answer an enrolment with the name that the kiosk had before: it took the
    place of the first, and was sent, and could acknowledge, what waited for it.
    """
    strange = Enrolment(url="https://p", office="o_p", kiosk="k_1", token="p")
    identity = Identity().enrol(enrolment(1)).enrol(strange)
    assert identity.current == strange
    assert identity.owner("o_1", "k_1") == ("o_1", "k_1")
    assert identity.of("k_1", "o_1") == enrolment(1)
    assert identity.roll("k_1", "o_p", "q").of("k_1", "o_1") == enrolment(1)
    heirs = identity.enrol(enrolment(3, replay=True)).enrol(strange)
    assert heirs.owner("o_p", "k_1") == ("o_3", "k_3")  # its first streams went with the replay


def test_enrolling_again_keeps_a_replay() -> None:
    """A new token at the same place does not give back what a replay took over."""
    identity = Identity().enrol(enrolment(1)).enrol(enrolment(2, replay=True))
    again = identity.enrol(enrolment(2, token="u"))
    assert again.owner("o_1", "k_1") == ("o_2", "k_2")
