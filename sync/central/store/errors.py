"""What can go wrong with the office's books, forked where it matters: try again, or final.

    Error
    ├── TryAgain          another writer was in the way, or the database is away: nothing was stored
    │   ├── Busy          deadlock, serialization failure, SQLITE_BUSY, also after a few tries
    │   ├── Away          the database cannot be reached
    │   └── Full          the database's disk takes nothing
    └── Wrong             trying again changes nothing
        ├── Unusable      the URL, the folder or the schema's version is not one we can work with
        ├── Unknown       no such kiosk, site, user, code, …
        └── Taken         the name exists already

Every message is one sentence for a person, without the database's password.
"""


class Error(Exception):
    """Anything the books could not do."""


class TryAgain(Error):
    """Nothing was stored, and the same call may well succeed a little later."""


class Busy(TryAgain):
    """Other writers were in the way, a few tries long."""


class Away(TryAgain):
    """The database cannot be reached."""


class Full(TryAgain):
    """The disk under the database takes nothing."""


class Wrong(Error):
    """Trying the same again changes nothing."""


class Unusable(Wrong):
    """The database's URL, folder or schema is not one that this program can work with."""


class Unknown(Wrong):
    """The thing that was named does not exist."""


class Taken(Wrong):
    """The thing that was to be made exists already."""
