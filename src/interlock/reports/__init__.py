"""Reports: what a replay showed, as a page that stands by itself, and the words that pages and terminals share.

Takes values of the engine and returns text: reads no file and no clock, and the same values give the same bytes. Every
text that comes from policies or events is escaped. Used by `app` and by the command line.
"""

from __future__ import annotations

from interlock.reports._about import About, Anchor, Reply, Source
from interlock.reports._page import replay_page
from interlock.reports._replayed import Renaming, Replayed, Said
from interlock.reports._words import (
    breach_words,
    change_words,
    clause_words,
    decided_words,
    encoding_words,
    event_words,
    kind_words,
    lateness_words,
    limits,
    loosening_words,
    time_words,
)

__all__ = [
    "About",
    "Anchor",
    "Renaming",
    "Replayed",
    "Reply",
    "Said",
    "Source",
    "breach_words",
    "change_words",
    "clause_words",
    "decided_words",
    "encoding_words",
    "event_words",
    "kind_words",
    "lateness_words",
    "limits",
    "loosening_words",
    "replay_page",
    "time_words",
]
