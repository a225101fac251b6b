"""Drafting: scenes asked of the engine, with its answers of now written down as what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from interlock.casebook._checks import SPEAKS_TO_NOTHING
from interlock.casebook._deciding import deciding_items, plain_name, state_of
from interlock.casebook._reading import read_casebook
from interlock.casebook._running import Answer, answer_to
from interlock.casebook._scene import Scene, Times, background_of
from interlock.casebook._writing import Background, Draft, Plain, casebook_text
from interlock.engine import Decision, DutyReport, EngineError, Replay
from interlock.notation import FaultsError
from interlock.policy import Clause, Policy, Restriction, Scope
from interlock.terms import ACTIONS, InterlockError, format_duration, format_instant, leaf_actions

_FILE = "boundaries.cases.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A bound for which no cases are drafted, and why."""

    about: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A scene to be asked about at a time: `says` what is at the bound, `ask` the question without its time."""

    says: str
    scene: Scene
    as_of: datetime
    asks: str
    ask: Plain = field(default_factory=dict)

    def draft(self, source: str | None) -> Draft:
        """Return the shot as a case whose answer is not known yet."""
        return Draft(
            says=self.says,
            source=source,
            events=self.scene.in_order(),
            ask={self.asks: {**self.ask, "as-of": format_instant(self.as_of)}},
        )


@dataclass(slots=True, kw_only=True)
class Desk:
    """Where cases of one policy are drafted: those kept so far, and what was left out."""

    policy: Policy
    background: Background
    drafts: list[Draft] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, policy: Policy) -> Desk:
        """Return an empty desk."""
        return cls(policy=policy, background=background_of(policy))

    @property
    def times(self) -> Times:
        """The times of the policy's scenes."""
        return Times.of(self.policy)

    def scene(self, whose: Scope = Scope.THIS, times: Times | None = None) -> Scene:
        """Return a scene in which nothing has happened but the background."""
        return Scene(policy=self.policy, times=times or self.times, whose=whose)

    def leave_out(self, about: str, why: str) -> None:
        """Say that a bound has no cases."""
        self.left_out.append(LeftOut(about=about, why=why))

    def answer(self, draft: Draft) -> Answer | InterlockError:
        """Return the engine's answer to a draft, read as the file that is written will be; or its refusal.

        A scene whose events no one could record (a deployment of the world) is refused as they are.
        """
        text = casebook_text(self.background, [draft])
        try:
            [case] = read_casebook(text, file=_FILE).cases
            return answer_to(case, [self.policy])
        except (EngineError, FaultsError) as error:
            return error

    def ask(self, shot: Shot) -> Answer | InterlockError:
        """Return the engine's answer to a shot."""
        return self.answer(shot.draft(None))

    def keep(self, shots: Iterable[Shot], item: str, clause: Clause) -> str | None:
        """Keep the shots if their answers about an item differ; return why not where they are not kept."""
        drafted: list[Draft] = []
        marks: set[str] = set()
        for shot in shots:
            draft = shot.draft(clause.section)
            answer = self.answer(draft)
            if isinstance(answer, InterlockError):
                return refusal_words(answer)
            marks.add(mark := mark_of(answer, item))
            expect = expected_of(answer, item)
            drafted.append(replace(draft, says=f"{_capital(draft.says)}: {mark}", expect=expect))
        if len(marks) < 2:  # noqa: PLR2004 - a bound has two sides
            return f"the answer about {item} is the same on both sides ({next(iter(marks), 'none')})"
        for draft in drafted:
            self._keep(draft)
        return None

    def _keep(self, draft: Draft) -> None:
        says, number = draft.says, 1
        while says in self.said:
            number += 1
            says = f"{draft.says} ({number})"
        self.said.add(says)
        self.drafts.append(replace(draft, says=says))


def refusal_words(error: InterlockError) -> str:
    """Return why a scene has no answer."""
    why = error.faults[0].message if isinstance(error, FaultsError) else error.message
    return f"the scene is refused: {why}"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def decide_shot(says: str, scene: Scene, as_of: datetime, action: str) -> Shot:
    """Return a shot that asks for a decision."""
    return Shot(says=says, scene=scene, as_of=as_of, asks="decide", ask={"action": action})


def action_for(policy: Policy, forbids: Sequence[str], but: Restriction | None) -> str:
    """Return the action of those forbidden on which the fewest other restrictions bear."""

    def others(action: str) -> int:
        return sum(action in actions_of(one) for one in policy.restrictions.values() if one is not but)

    return min((action for name in forbids for action in leaf_actions(name)), key=others)


def actions_of(restriction: Restriction) -> set[str]:
    """Return the actions that can be done and that a restriction forbids."""
    return {action for name in restriction.forbids if name in ACTIONS for action in leaf_actions(name)}


# Answers in words, and as what is expected


def mark_of(answer: Answer, item: str) -> str:
    """Return in words what the answer says about an item, by which two sides of a bound are told apart."""
    match answer:
        case Decision():
            states = [state_of(s) for s in answer.restrictions if plain_name(s) == item]
            action, default = answer.question.action, " by default" if answer.by_default else ""
            return f"`{action}` is {answer.outcome}{default}, `{item}` is {', '.join(states) or 'not asked about'}"
        case DutyReport():
            words = [f"`{item}` is {one.state}" for one in answer.pledges if one.pledge.id == item]
            words += [f"`{item}` is {one.state.value}" for one in answer.duties if one.duty.id == item]
            return ", ".join(words) or f"`{item}` has no instance"
        case Replay():
            found = [f"{one.kind} of `{one.id}`" for one in answer.breaches if one.id == item]
            return ", ".join(found) or f"no departure from `{item}`"


def expected_of(answer: Answer, item: str) -> Plain:
    """Return what a case expects so that only this answer passes, as far as the item is concerned."""
    findings = {one.id for one in answer.findings} & {SPEAKS_TO_NOTHING}
    more: Plain = {"findings": sorted(findings)} if findings else {}
    match answer:
        case Decision():
            items = list(deciding_items(answer))
            states = {plain_name(s): state_of(s) for s in answer.restrictions if plain_name(s) == item}
            return {
                "outcome": answer.outcome,
                "by-default": answer.by_default,
                "because": items if items and answer.held else {"only": items},
                **({"restrictions": states} if states else {}),
                **more,
            }
        case DutyReport():
            pledges = {one.pledge.id: one.state for one in answer.pledges if one.pledge.id == item}
            if pledges:
                return {"pledges": pledges, **more}
            return {"duties": {item: {"only": _instances(answer, item)}}, **more}
        case Replay():
            only = [{"kind": one.kind, "id": one.id.removeprefix("duty:")} for one in answer.breaches]
            return {"departures": {"only": only}, **more}


def _instances(report: DutyReport, duty: str) -> list[Plain]:
    found: list[Plain] = []
    for standing in report.duties:
        if standing.duty.id == duty:
            due = {} if standing.due is None else {"due": format_instant(standing.due)}
            late = {} if standing.late_by is None else {"late-by": format_duration(standing.late_by)}
            found.append({"state": standing.state.value, **due, **late})
    return found
