"""Reports: what a replay showed and what a policy says, as pages, and the words that pages and terminals share.

Takes values of the engine and returns text: reads no file and no clock, and the same values give the same bytes. Every
text that comes from policies or events is escaped. Used by `app` and by the command line.
"""

from __future__ import annotations

from interlock.reports._about import About, Anchor, Reply, Source
from interlock.reports._page import replay_page
from interlock.reports._policy_markdown import POLICY_MARKDOWN_ENDS, policy_markdown
from interlock.reports._policy_page import policy_page
from interlock.reports._replayed import Renaming, Replayed, Said
from interlock.reports._words import (
    assumption_words,
    breach_words,
    change_words,
    clause_words,
    contested_words,
    cut_words,
    day_words,
    decided_words,
    differs,
    duty_change_words,
    encoding_words,
    event_words,
    kind_words,
    lateness_words,
    limits,
    loosening_words,
    only_words,
    otherwise_under,
    reading_words,
    supposed_words,
    time_words,
)

__all__ = [
    "POLICY_MARKDOWN_ENDS",
    "About",
    "Anchor",
    "Renaming",
    "Replayed",
    "Reply",
    "Said",
    "Source",
    "assumption_words",
    "breach_words",
    "change_words",
    "clause_words",
    "contested_words",
    "cut_words",
    "day_words",
    "decided_words",
    "differs",
    "duty_change_words",
    "encoding_words",
    "event_words",
    "kind_words",
    "lateness_words",
    "limits",
    "loosening_words",
    "only_words",
    "otherwise_under",
    "policy_markdown",
    "policy_page",
    "reading_words",
    "replay_page",
    "supposed_words",
    "time_words",
]
