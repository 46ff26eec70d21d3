"""Totals: one kiosk's card folded into a table of counts, the same at both ends.

The interface, in full (the bodies rest on ``boots``, ``visits``, ``clocks`` and ``cells``):

``book = Book(history=…)``, ``book = Book.load(blob, history=…)``
    the fold of one kiosk's events over all its streams. ``history(stream)`` gives the raw events
    of one
    stream that were handed to ``apply`` so far (those of the call in hand may be among them). It is
    asked for only when something old is touched: a mark on yesterday's tap, a boot that learns
    the time
    late. Without it the book forgets nothing, and ``dump`` grows with the taps.
``deltas = book.apply(stream, raw_events)``
    folds the next events of one stream, in their order; gives signed counts to be added to the
    kiosk's table (``cells.add``). Events folded before are passed over, so a repeat changes
    nothing.
    Never raises for what an event says: one that is unreadable or refused counts for nothing.
``blob = book.dump()``
    the state between two calls, to be stored together with the table. It holds a bounded window
    of visits and
    about a hundred bytes for each stream. ``load`` raises ``Outdated`` for a blob of other rules:
    throw table and
    blob away, and apply all events again to a new book.
``rows(tables, from_day, to_day)``
    what ``totals --json`` prints; ``tables`` is one table for each kiosk.
"""
