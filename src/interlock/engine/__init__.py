"""The engine: what is permitted or held, why, until when, and what would change it.

A pure function of (policies, events known, question). `decide` folds the events into a state over time, reads the case
at the time asked about, and folds the policy's conditions over it by the tracing algebra.
"""

from __future__ import annotations

from interlock.engine._case import Case
from interlock.engine._decision import HELD, PERMITTED, Decision, PolicyCase, answer_of, decide
from interlock.engine._disputes import Cut, Dispute, Rulings
from interlock.engine._duties import duties
from interlock.engine._duty_rendering import duties_to_json
from interlock.engine._duty_results import (
    DutyChange,
    DutyCut,
    DutyDispute,
    DutyReport,
    DutyStanding,
    DutyState,
    GoalStanding,
    GoalStep,
    GrowthReading,
    PledgeStanding,
)
from interlock.engine._errors import DigestMismatch, EngineError, Refused
from interlock.engine._findings import Finding
from interlock.engine._item_standings import PermissionStanding, RestrictionStanding
from interlock.engine._json import margin_to_json, number_text
from interlock.engine._question import Question
from interlock.engine._release import Change
from interlock.engine._rendering import decision_to_json, exit_code
from interlock.engine._replay import replay
from interlock.engine._replay_rendering import replay_to_json
from interlock.engine._replay_results import Breach, Hold, Loosening, Moment, Replay, ReplayCut
from interlock.engine._replay_results import Change as ReplayChange
from interlock.engine._rulings import Ruling
from interlock.engine._state import State, View, fold
from interlock.engine._support import bearing
from interlock.engine._terms import ActionCut, RulingStanding, TermReport, TermStanding, terms, terms_in
from interlock.engine._terms_rendering import terms_to_json
from interlock.engine._trace import MarginOf, Node
from interlock.engine._validity import Validity
from interlock.engine._windows import Window

__all__ = [
    "HELD",
    "PERMITTED",
    "ActionCut",
    "Breach",
    "Case",
    "Change",
    "Cut",
    "Decision",
    "DigestMismatch",
    "Dispute",
    "DutyChange",
    "DutyCut",
    "DutyDispute",
    "DutyReport",
    "DutyStanding",
    "DutyState",
    "EngineError",
    "Finding",
    "GoalStanding",
    "GoalStep",
    "GrowthReading",
    "Hold",
    "Loosening",
    "MarginOf",
    "Moment",
    "Node",
    "PermissionStanding",
    "PledgeStanding",
    "PolicyCase",
    "Question",
    "Refused",
    "Replay",
    "ReplayChange",
    "ReplayCut",
    "RestrictionStanding",
    "Ruling",
    "RulingStanding",
    "Rulings",
    "State",
    "TermReport",
    "TermStanding",
    "Validity",
    "View",
    "Window",
    "answer_of",
    "bearing",
    "decide",
    "decision_to_json",
    "duties",
    "duties_to_json",
    "exit_code",
    "fold",
    "margin_to_json",
    "number_text",
    "replay",
    "replay_to_json",
    "terms",
    "terms_in",
    "terms_to_json",
]
