"""Who owns a data folder, and whether the folder is fit to be written to.

1. One owner at a time: the lock ends with the process, however it ends.
2. No state of the card keeps a kiosk from taking taps: where folders cannot be made or locked, the
   owner goes on in memory and tries again at each round of housekeeping.
3. What lies in a folder's place is kept beside it.
"""

import contextlib
import os

from sync.buffer import errors
from sync.buffer.files import Files

_INSIDE = ("streams", "state")


class Ownership:
    """One process's hold on a data folder. ``trouble``: why it is not complete, "" when it is."""

    def __init__(self, card: Files, folder: str) -> None:
        """Raises ``errors.Locked`` when another process has the folder."""
        self.trouble = ""
        self._card = card
        self._folder = folder
        self._lock = f"{folder}/lock"
        self._owner_file = f"{folder}/owner"
        self._locked = False
        self._said = -1
        self.take()

    def __repr__(self) -> str:
        return f"<Ownership of {self._folder}{', ' if self.trouble else ''}{self.trouble}>"

    def take(self) -> None:
        """Make the folders and lock them, what of it is not done yet; a card that refuses is told.

        Raises ``errors.Locked`` when another process has the folder.
        """
        try:
            for inside in _INSIDE:
                self._make(f"{self._folder}/{inside}")
            if not self._locked:
                self._card.lock(self._lock)
                self._locked = True
            self.trouble = ""
        except errors.Locked:
            raise errors.Locked(
                f"{self._folder}: process {self._owner()} has this buffer open; stop it first"
            ) from None
        except errors.Error as error:
            self.trouble = str(error)

    def _make(self, path: str) -> None:
        try:
            self._card.make_folder(path)
        except errors.Failing:
            self._card.replace(path, f"{path}.damaged")
            self._card.make_folder(path)

    def _owner(self) -> str:
        with contextlib.suppress(errors.Error):
            return self._card.read(self._owner_file).split(b" ")[0].decode("ascii", "replace")
        return "unknown"

    def say(self, in_memory: int) -> None:
        """Leave word for readers whose the folder is and what only its memory holds.

        (Beside the lock, not in it: a file that is written anew is another file.) Forgotten at a
        power cut, as it should be; nothing is said twice.
        """
        if self._locked and in_memory != self._said:
            self._said = in_memory
            with contextlib.suppress(errors.Error):
                self._card.write(self._owner_file, b"%d %d\n" % (os.getpid(), in_memory))
                self._card.close(self._owner_file)

    def give_up(self) -> None:
        """Let others have the folder; twice is fine."""
        if self._locked:
            self.say(0)
            self._locked = False
            self._card.unlock(self._lock)
