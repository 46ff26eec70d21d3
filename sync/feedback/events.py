"""The words of the stream: every kind of event, how it is written, and what the office refuses.

Rules (design: events.md §1):

1. An event is one JSON object on one line. (stream, seq) is its identity for ever.
2. Unknown kinds and unknown fields are carried as they came: never re-encode what was received,
   keep its bytes. ``decode`` gives ``Unknown`` for a kind that this version does not know.
3. Integers are 0 … 2⁵³−1 (what every JSON reader keeps exact). Ids are ``[a-z0-9_]{1,16}``. Text
   has no U+0000 and no lone surrogate: one database of two could not store it.
4. An event is at most 4 KiB as JSON, a survey at most 64 KiB. A comment is cut first (``fit``).
5. ``refusal`` looks at nothing but the bytes, so its verdict is the same whatever the database.
6. Of two copies of one event the fuller wins: whole > erased > wrapped > lost (``rank``). Two
   whole ones are the same when they are equal as JSON values (``same``).

``seq`` and ``mono`` are stamped by the buffer when they are 0.
"""

from sync.feedback.codec import Invalid, clean_text, decode, encode, fit
from sync.feedback.copies import erase, rank, same
from sync.feedback.kinds import (
    KINDS,
    MAX_EVENT,
    MAX_FACES,
    MAX_INTEGER,
    MAX_SURVEY,
    WEEKDAYS,
    After,
    Answer,
    Clock,
    Comment,
    Correction,
    Count,
    Ended,
    Event,
    Hours,
    Known,
    Lost,
    Mark,
    Rating,
    Settings,
    Start,
    Survey,
    Unknown,
    Weekday,
    Whole,
    Wrapped,
)
from sync.feedback.refusals import is_plain, refusal, unclean

__all__ = [
    "KINDS",
    "MAX_EVENT",
    "MAX_FACES",
    "MAX_INTEGER",
    "MAX_SURVEY",
    "WEEKDAYS",
    "After",
    "Answer",
    "Clock",
    "Comment",
    "Correction",
    "Count",
    "Ended",
    "Event",
    "Hours",
    "Invalid",
    "Known",
    "Lost",
    "Mark",
    "Rating",
    "Settings",
    "Start",
    "Survey",
    "Unknown",
    "Weekday",
    "Whole",
    "Wrapped",
    "clean_text",
    "decode",
    "encode",
    "erase",
    "fit",
    "is_plain",
    "rank",
    "refusal",
    "same",
    "unclean",
]
