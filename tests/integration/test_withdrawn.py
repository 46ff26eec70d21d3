"""The file of what was withdrawn: its lines outlive a power cut, a full disk and other workers."""

from __future__ import annotations

import pathlib
import threading

import pytest

from sync.central.store import errors, withdrawn

FIRST = withdrawn.Withdrawal(at=1, kiosk="k_1", stream="s", seq=7, code="K7-42Q", by="anna")
SECOND = withdrawn.Withdrawal(at=2, kiosk="k_2")
THIRD = withdrawn.Withdrawal(at=3, kiosk="k_3", stream="t", seq=9, given=True)


def test_what_is_written_is_read(tmp_path: pathlib.Path) -> None:
    """In its order; a file that is not there yet holds nothing."""
    path = tmp_path / "new" / "office.db.withdrawn"
    assert withdrawn.read(path) == []
    withdrawn.write([FIRST, SECOND], path)
    withdrawn.write([THIRD], path)
    assert withdrawn.read(path) == [FIRST, SECOND, THIRD]


def test_a_torn_last_line_spoils_no_other(tmp_path: pathlib.Path) -> None:
    """Cut at any byte, the lines before it stand, and so does the next one that is written.

    It was appended to the torn one: from then on `restored` refused the file.
    """
    path = tmp_path / "office.db.withdrawn"
    withdrawn.write([FIRST], path)
    kept = path.read_bytes()
    withdrawn.write([SECOND], path)
    whole = path.read_bytes()
    for end in range(len(kept), len(whole) + 1):
        path.write_bytes(whole[:end])
        found = [FIRST, SECOND] if end >= len(whole) - 1 else [FIRST]
        assert withdrawn.read(path) == found
        withdrawn.write([THIRD], path)
        assert withdrawn.read(path) == [*found, THIRD]


def test_damage_in_the_middle_is_told(tmp_path: pathlib.Path) -> None:
    """With the line that it stands in: nobody is to lose an erasure silently."""
    path = tmp_path / "office.db.withdrawn"
    withdrawn.write([FIRST, SECOND, THIRD], path)
    path.write_bytes(path.read_bytes().replace(b'"k_2"', b"k_2"))
    with pytest.raises(errors.Unusable, match="line 2 is no withdrawal"):
        withdrawn.read(path)


def test_workers_take_turns(tmp_path: pathlib.Path) -> None:
    """Each line is whole, whoever writes at the same time."""
    path = tmp_path / "office.db.withdrawn"

    def write(kiosk: int) -> None:
        for at in range(20):
            withdrawn.write([withdrawn.Withdrawal(at=at, kiosk=f"k_{kiosk}")], path)

    threads = [threading.Thread(target=write, args=(kiosk,)) for kiosk in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = withdrawn.read(path)
    assert len(found) == 80
    for kiosk in range(4):
        assert [one.at for one in found if one.kiosk == f"k_{kiosk}"] == list(range(20))


def test_a_disk_that_takes_nothing_is_told(tmp_path: pathlib.Path) -> None:
    """A sentence that names the file; the transaction does not commit then."""
    with pytest.raises(errors.Away, match="does not take what was withdrawn"):
        withdrawn.write([FIRST], pathlib.Path("/dev/full"))
    (tmp_path / "file").write_text("")
    with pytest.raises(errors.Away, match="does not take what was withdrawn"):
        withdrawn.write([FIRST], tmp_path / "file" / "office.db.withdrawn")
