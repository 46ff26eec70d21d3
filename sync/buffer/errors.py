"""Every error the buffer raises, in one tree, forked where it matters: try again, or final.

    Error
    ├── Card            the card did not do what was asked: try again later, elsewhere on the card
    │   ├── Full        no room is left (ENOSPC, EDQUOT)
    │   ├── ReadOnly    mounted read-only, or not ours to write (EROFS, EACCES, EPERM)
    │   └── Failing     anything else the card answers (EIO, a folder in a file's place, …)
    ├── Missing         there is no such file: a reader may meet this when a segment was just purged
    ├── Locked          another process owns this buffer: stop it first
    ├── NewerFormat     written by a newer version of the program: left alone, update the program
    └── Closed          used after close(): a mistake in the program

What reads from and writes to the card translates ``OSError`` into these at its door
(:mod:`sync.buffer.files`); nothing above it sees one. The tree is called ``errors.Error`` and not
``BufferError``, because Python has one of that name.
"""

import errno


class Error(Exception):
    """Whatever the buffer raises."""


class Card(Error):
    """The card did not do what was asked. What was not written stays the caller's to write again.

    After a failed append or sync the file it went to is never appended to again: part of the line
    may be on the card, and after a failed fsync the kernel may have dropped the page and call the
    next fsync a success (https://lwn.net/Articles/752063/).
    """


class Full(Card):
    """No room is left on the card."""


class ReadOnly(Card):
    """The card, or this file on it, cannot be written to."""


class Failing(Card):
    """The card answers with an error that more room or another mode would not help."""


class Missing(Error):
    """There is no such file."""


class Locked(Error):
    """Another process has this buffer open for writing."""


class NewerFormat(Error):
    """The file was written by a newer version of this program and is left as it is."""


class Closed(Error):
    """A storage was used after it had been closed."""


_KINDS: dict[int, type[Error]] = {
    errno.ENOSPC: Full,
    errno.EDQUOT: Full,
    errno.EROFS: ReadOnly,
    errno.EACCES: ReadOnly,
    errno.EPERM: ReadOnly,
    errno.ENOENT: Missing,
}


def of(error: OSError, verb: str, path: str) -> Error:
    """The error of this tree that an ``OSError`` met while doing ``verb`` to ``path`` means."""
    kind = _KINDS.get(error.errno or 0, Failing)
    return kind(f"{path}: could not {verb}: {error.strerror or error}")
