"""The naive oracle: decides a question by brute force, written straight from the definitions of the language.

Slow and meant to be obviously right: for each instant it reads every known event again, sums binomial tails term by
term, tries every set of unknown `when`s, and walks a permission's windows over every instant at which anything could
change. It knows nothing of `interlock.engine`, `interlock.assessment` or `interlock.statistics`, so that it and the
engine are two readings of one text; property tests hold them to each other. It explains nothing and prints nothing.

Read it in this order: `_case` (who, when, what is known), `_tails` and `_evidence` (what evaluations show), `_facts`
and `_documents` (the other leaves), `_rulings` (disputed words), `_turning` and `_conditions` (items and connectives);
of duties `_calendar`, `_versions`, `_scopes` (for what), `_ground` (their conditions over time), `_due`, `_once` and
`_periods` (what opens and what completes it), `_duties`; `_decision`, `_answers`, `_replay` and `_cuts`. Numbers in
docstrings are sections of the language reference.
"""

from __future__ import annotations

from interlock.testing.oracle._answers import duties, pledges
from interlock.testing.oracle._calendar import end_of_period, extended
from interlock.testing.oracle._cuts import OracleCuts, Place, disputes, readings_now, replay_cuts
from interlock.testing.oracle._decision import (
    OracleDecision,
    OracleQuestion,
    OracleRefusal,
    OracleRestriction,
    decide,
)
from interlock.testing.oracle._documents import shown_by
from interlock.testing.oracle._replay import OracleBreach, OracleLoosening, OracleReplay, replay
from interlock.testing.oracle._standing import Standing

__all__ = [
    "OracleBreach",
    "OracleCuts",
    "OracleDecision",
    "OracleLoosening",
    "OracleQuestion",
    "OracleRefusal",
    "OracleReplay",
    "OracleRestriction",
    "Place",
    "Standing",
    "decide",
    "disputes",
    "duties",
    "end_of_period",
    "extended",
    "pledges",
    "readings_now",
    "replay",
    "replay_cuts",
    "shown_by",
]
