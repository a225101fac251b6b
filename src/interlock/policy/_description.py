"""What a policy says in plain words: sections of items, each a sentence, its details, and where the text says it.

A content structure without any layout: whoever renders it decides on widths, colours and marks. Each restriction is
said with its polarity, since whether "not shown" holds or lets go is what readers of policies get wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from interlock.policy._conditions import Roles
from interlock.policy._described import Item, Section, disputant_in_words, item_of, texts
from interlock.policy._description_frame import header, owed, owed_words, unencoded
from interlock.policy._model import (
    Carries,
    Control,
    Duty,
    Every,
    Measure,
    Permission,
    Policy,
    Presumption,
    Restriction,
    Standard,
    Term,
    Threshold,
)
from interlock.policy._words import (
    action_words,
    denied_in_words,
    freshness_words,
    in_words,
    joined,
    role_words,
    roles_words,
)
from interlock.policy._writing_conditions import number_text, share_text


def describe(policy: Policy) -> tuple[Section, ...]:
    """Return what the policy says, what binds first; sections without items are left out."""
    sections = (
        Section(title="Policy", items=tuple(header(policy))),
        Section(title="Restrictions", items=tuple(_restriction(r, policy) for r in policy.restrictions.values())),
        Section(title="Permissions", items=tuple(_permission(p, policy) for p in policy.permissions.values())),
        Section(title="Duties", items=tuple(_duty(d, policy) for d in policy.duties.values())),
        Section(title="Pledges", items=tuple(_pledges(policy))),
        Section(title="Goals", items=tuple(_goals(policy))),
        Section(title="Thresholds", items=tuple(_threshold(t, policy) for t in policy.thresholds.values())),
        Section(title="Measures", items=tuple(_measure(m) for m in policy.measures.values())),
        Section(title="Standards", items=tuple(_standard(s, policy) for s in policy.standards.values())),
        Section(title="Terms", items=tuple(_term(t, policy) for t in policy.terms.values())),
        Section(title="Documents", items=tuple(_documents(policy))),
        Section(title="Claims", items=tuple(_claims(policy))),
        Section(title="Roles", items=tuple(_roles(policy))),
        Section(title="Amendments", items=tuple(_amendments(policy))),
        Section(title="Owed by the text", items=tuple(owed(policy))),
        Section(title="Not encoded", items=tuple(unencoded(policy))),
    )
    return tuple(section for section in sections if section.items)


_NEVER_HOLDS: Final = "never holds an action"
_NEVER_DEPARTS: Final = "never makes a departure"
_NO_FORCE: Final = "has no force of its own"


def _restriction(restriction: Restriction, policy: Policy) -> Item:
    actions = action_words(restriction.forbids)
    one = len(restriction.forbids) == 1
    held = f"{actions} {'is' if one else 'are'} held"
    until = ", and it has no `until` that would release it"
    if restriction.until is not None:
        until = f" until it is shown that {in_words(restriction.until, policy)}"
    presumption = policy.presumption(restriction)
    if presumption is Presumption.ACTIVE:
        sentence = (
            f"{held} unless the developer can show that {denied_in_words(restriction.when, policy)}; "
            f"if they cannot show that, then {held}{until}"
        )
    else:
        sentence = f"{held} only if it is shown that {in_words(restriction.when, policy)}; then {held}{until}"
    return item_of(
        restriction.id,
        sentence,
        _restriction_details(restriction, policy),
        restriction.clause,
        weaker=_NEVER_HOLDS,
    )


def _restriction_details(restriction: Restriction, policy: Policy) -> Iterable[str]:
    presumption = policy.presumption(restriction).value
    origin = f"from the policy's burden of proof ({policy.burden.value})"
    if restriction.presume is not None:
        origin = f"stated by `presume`, which overrides the policy's burden of proof ({policy.burden.value})"
    yield f"presumed {presumption} where `when` is unknown: {origin}"
    yield f"forbids: [{', '.join(restriction.forbids)}]"
    yield from texts(("when", restriction.when), ("until", restriction.until))
    if restriction.cease_within is not None:
        yield f"an action already going on must cease within {restriction.cease_within}"
    lifting = [f"`{p.id}`" for p in policy.permissions.values() if restriction.id in p.lifts]
    if lifting:
        yield f"lifted while a permission is in force: {joined(lifting, 'or')}"


def _permission(permission: Permission, policy: Policy) -> Item:
    does = [f"lifts {joined([f'`{name}`' for name in permission.lifts])}"] if permission.lifts else []
    if permission.replaces:
        swaps = joined([f"`{old}` by `{new}`" for old, new in permission.replaces.items()])
        does.append(f"replaces standard {swaps}")
    sentence = f"{joined(does)} while it is shown that {in_words(permission.when, policy)}, {_window(permission)}"
    return item_of(permission.id, sentence, texts(("when", permission.when)), permission.clause, weaker=_NO_FORCE)


def _window(permission: Permission) -> str:
    limit = "without a stated limit of time"
    if permission.for_at_most is not None:
        limit = f"for at most {permission.for_at_most} at a time"
    match permission.renewals:
        case None:
            return f"{limit}, renewable without a stated limit" if permission.for_at_most else limit
        case 0:
            return f"{limit}, not renewable"
        case 1:
            return f"{limit}, renewable once"
        case times:
            return f"{limit}, renewable {times} times"


_INSTANCE_WORDS: Final = {"developer": "the developer", "issuer": "the issuer of the policy"}


def _duty(duty: Duty, policy: Policy) -> Item:
    parts = [duty.must]
    parts += [f"for {_INSTANCE_WORDS.get(duty.instances, duty.instances)}"] if duty.instances else []
    parts += [_every(duty.every)] if duty.every else []
    parts += [f"once it is so that {in_words(duty.when, policy)}"] if duty.when else []
    parts += [f"within {duty.within}"] if duty.within else []
    sentence = f"must: {', '.join(parts)}" if duty.clause.binds else ", ".join(parts)
    return item_of(duty.id, sentence, _duty_details(duty, policy), duty.clause, weaker=_NEVER_DEPARTS)


def _every(every: Every) -> str:
    growth = f"at {number_text(every.growth)}x growth of effective compute" if every.growth else ""
    time = f"every {every.time}" if every.time else ""
    both = " or ".join(filter(None, (time, growth)))
    which = f", whichever comes {every.whichever}" if growth and time else ""
    anchor = "its last completion" if every.anchor == "completion" else "a fixed schedule"
    return f"{both}{which}, counted from {anchor}"


def _duty_details(duty: Duty, policy: Policy) -> Iterable[str]:
    if duty.clock != "event":
        yield f"its time counts from: {duty.clock}"
    if duty.done_when is not None:
        yield f"done when {in_words(duty.done_when, policy)}"
    if duty.excused_when is not None:
        yield f"excused while it is shown that {in_words(duty.excused_when, policy)}"
    if duty.extended is not None:
        yield f"extended by {duty.extended.by} when {in_words(duty.extended.when, policy)}"
    if duty.agreed_document is not None and duty.agreed_with is not None:
        yield f"or as document `{duty.agreed_document}` says, agreed with {role_words(duty.agreed_with, policy)}"
    if duty.notified_document is not None and duty.notified_to is not None:
        told = role_words(duty.notified_to, policy)
        yield f"or as document `{duty.notified_document}` says, once {told} is notified of it"
    if duty.otherwise_forbids:
        yield f"while it is overdue, held: {action_words(duty.otherwise_forbids)}"
    yield from texts(
        ("when", duty.when),
        ("done-when", duty.done_when),
        ("excused-when", duty.excused_when),
        ("extended when", duty.extended.when if duty.extended else None),
    )


def _pledges(policy: Policy) -> Iterable[Item]:
    for pledge in policy.pledges.values():
        kept_for = f", for {_INSTANCE_WORDS.get(pledge.instances, pledge.instances)},"
        kept_for = "" if pledge.instances == "developer" else kept_for
        measured = f", measured every {pledge.measured_every}" if pledge.measured_every else ""
        sentence = f"keeps it so that{kept_for} {in_words(pledge.maintain, policy)}{measured}"
        details = texts(("maintain", pledge.maintain))
        yield item_of(pledge.id, sentence, details, pledge.clause, weaker=_NEVER_DEPARTS)


def _goals(policy: Policy) -> Iterable[Item]:
    for goal in policy.goals.values():
        graded = f", graded by {role_words(goal.graded_by, policy)}" if goal.graded_by else ""
        reviewed = f", reviewed by {role_words(goal.reviewed_by, policy)}" if goal.reviewed_by else ""
        day = "without a day" if goal.by is None else f"by {goal.by}"
        yield item_of(goal.id, f"{day}{graded}{reviewed}", (), goal.clause, weaker=_NEVER_DEPARTS)


def _threshold(threshold: Threshold, policy: Policy) -> Item:
    sentence = (
        f"reached when it is shown that {in_words(threshold.reached_when, policy)}; ruled out when it is shown that "
        f"{denied_in_words(threshold.reached_when, policy)}; otherwise neither"
    )
    hazards = [f"hazard: {', '.join(threshold.hazards)}"] if threshold.hazards else []
    details = (*hazards, *texts(("reached-when", threshold.reached_when)))
    return item_of(threshold.id, sentence, details, threshold.clause, weaker=_NO_FORCE)


_CARRIES: Final = {
    Carries.SAME_MODEL: (
        "a ruling-out reaches, for training and storing, its digest and later checkpoints of the same model "
        "while it is fresh; for all that ships, its own digest alone"
    ),
    Carries.TO_DESCENDANTS: (
        "a ruling-out reaches, for training and storing, later checkpoints and descendants of the model "
        "while it is fresh; for all that ships, its own digest alone"
    ),
    Carries.WHILE_FRESH: (
        "a ruling-out reaches later checkpoints of the same model while it is fresh, also for all that ships"
    ),
}


def _measure(measure: Measure) -> Item:
    of = f" over each {measure.unit}" if measure.unit else ""
    at = f" at {share_text(measure.at)} success" if measure.at else ""
    return item_of(
        measure.id,
        f"a {measure.statistic}{at}{of}, as the suite {measure.suite} estimates it",
        _measure_details(measure),
        measure.clause,
        weaker=_NO_FORCE,
    )


def _measure_details(measure: Measure) -> Iterable[str]:
    if measure.cluster is not None:
        yield f"observations hang together by {measure.cluster}"
    if measure.unit_passes is not None:
        passes = measure.unit_passes
        yield f"a {measure.unit or 'unit'} counts as passed if at least {passes.at_least} of its {passes.of} tries do"
    if measure.elicitation:
        yield f"evidence must declare its elicitation, or it rules nothing out: {', '.join(measure.elicitation)}"
    yield (
        f"evidence counts as fresh while {freshness_words(measure.fresh)}" if measure.fresh else "evidence stays fresh"
    )
    if measure.registration_required:
        yield "evidence that was not registered beforehand rules nothing out"
    yield _CARRIES[measure.carries]
    if measure.sequential:
        yield "its bounds hold at all looks at once"


def _standard(standard: Standard, policy: Policy) -> Item:
    kind = f"a {standard.kind} standard, " if standard.kind else ""
    if standard.undefined is not None:
        sentence = f"{kind}not defined yet, so nothing can meet it: {owed_words(standard.undefined, policy)}"
    else:
        count = len(standard.controls)
        controls = "its control is" if count == 1 else f"all its {count} controls are"
        sentence = f"{kind}met when {controls} attested"
    replaced = [
        f"replaced by `{p.replaces[standard.id]}` while permission `{p.id}` is in force"
        for p in policy.permissions.values()
        if standard.id in p.replaces
    ]
    controls_of = (_control(control, policy) for control in standard.controls.values())
    return item_of(standard.id, sentence, replaced, standard.clause, weaker=_NO_FORCE, parts=controls_of)


def _control(control: Control, policy: Policy) -> Item:
    effort = outcome = fresh = ""
    if control.effort is not None:
        effort = f", with an effort of {control.effort.comparator.value.replace('-', ' ')} {control.effort.bound.text}"
    if control.outcome is not None:
        outcome = f", with the outcome {control.outcome}"
    if control.fresh is not None:
        fresh = f", {freshness_words(control.fresh)}"
    sentence = f"attested by {roles_words(control.attested_by, policy)}{effort}{outcome}{fresh}"
    return item_of(control.id, sentence, (), control.clause, weaker=_NO_FORCE)


def _term(term: Term, policy: Policy) -> Item:
    if term.means is not None:
        details = texts(("means", term.means))
        return item_of(term.id, f"means that {in_words(term.means, policy)}", details, term.clause, weaker=_NO_FORCE)
    readings = term.readings
    named = readings.readings if readings is not None else ()
    ruled_by = readings.ruled_by if readings is not None else None
    who = "anyone may rule between them" if ruled_by is None else f"ruled between by {roles_words(ruled_by, policy)}"
    return item_of(
        term.id,
        f"in dispute between {len(named)} readings; where they disagree and no ruling was made, it is unknown",
        (
            *(f"{name}: {in_words(condition, policy)}" for name, condition in named),
            who,
            *map(disputant_in_words, term.disputed),
            *texts(*named),
        ),
        term.clause,
        weaker=_NO_FORCE,
    )


def _documents(policy: Policy) -> Iterable[Item]:
    for document in policy.documents.values():
        by = f"submitted by {role_words(document.submitted_by, policy)}" if document.submitted_by else "a document"
        sections = f", with the sections {joined(document.sections)}" if document.sections else ""
        yield item_of(document.id, f"{by}{sections}", (), document.clause, weaker=_NO_FORCE)


def _claims(policy: Policy) -> Iterable[Item]:
    for claim in policy.claims.values():
        to = f", argued to {joined([role_words(r, policy) for r in claim.argued_to])}" if claim.argued_to else ""
        yield item_of(claim.id, f"{claim.title}{to}", (), claim.clause, weaker=_NO_FORCE)


def _roles(policy: Policy) -> Iterable[Item]:
    for role in policy.roles.values():
        interests = f", with an interest in {joined(role.interests)}" if role.interests else ""
        yield item_of(role.id, f"{role.title}, side: {role.side}{interests}", (), role.clause, weaker=_NO_FORCE)


def _amendments(policy: Policy) -> Iterable[Item]:
    rule = policy.amendments
    if rule is None:
        return
    parts = []
    if rule.approved_by is not None:
        parts.append(f"approved by {roles_words(rule.approved_by, policy)}")
    if rule.consulted:
        consulted = Roles(names=rule.consulted, needed=len(rule.consulted))
        parts.append(f"after consulting {roles_words(consulted, policy)}")
    parts += ["published"] if rule.published else []
    parts += [f"with a notice of {rule.notice}"] if rule.notice else []
    sentence = f"an amendment must be {', '.join(parts)}" if parts else "nothing is asked of an amendment"
    yield item_of("amendments", sentence, (), rule.clause, weaker=_NEVER_DEPARTS)
