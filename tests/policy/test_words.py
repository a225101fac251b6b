"""Conditions and policies in plain words: the polarity, the presumption and its origin, what never holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from interlock.policy import Condition, Item, Leaf, Not, Policy, decode, denied_in_words, describe, in_words
from tests.policy.files import HEADER, SOUND, language_example, with_when
from tests.policy.test_text import conditions

SOUND_POLICY = decode(SOUND, file="policy.yaml")


def when(text: str) -> tuple[Condition, Policy]:
    policy = decode(with_when(text), file="policy.yaml")
    return policy.restrictions["hold-training"].when, policy


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        ("{reached: t-run}", "`t-run` is reached", "`t-run` is ruled out"),
        ("{not: {reached: t-run}}", "`t-run` is ruled out", "`t-run` is reached"),
        (
            "{ruled-out: t-run, ahead: 6x}",
            "`t-run` is ruled out with a margin of 6x effective compute",
            "`t-run` is reached with a margin of 6x effective compute",
        ),
        (
            "{measure: run, at-least: 50%, confidence: 95%}",
            "`run` is at least 50% at 95% confidence",
            "`run` is below 50% at 95% confidence",
        ),
        ("{measure: run, more-than: 50%}", "the observed `run` is more than 50%", "the observed `run` is at most 50%"),
        ("{measure: run, at-most: 50%}", "the observed `run` is at most 50%", "the observed `run` is more than 50%"),
        ("{measure: run, below: 50%}", "the observed `run` is below 50%", "the observed `run` is at least 50%"),
        (
            "{quantity: training-compute, more-than: 1e26 FLOP, of: any-model}",
            "training compute is more than 1e26 FLOP, of any model of the developer",
            "training compute is at most 1e26 FLOP, of any model of the developer",
        ),
        (
            "{growth: effective-compute, since: assess, at-least: 4x}",
            "effective compute is at least 4x of its value when duty `assess` was last completed",
            "effective compute is below 4x of its value when duty `assess` was last completed",
        ),
        (
            "{elapsed: 1 month, since: assess}",
            "1 month has passed since duty `assess` was last completed",
            "1 month has not yet passed since duty `assess` was last completed",
        ),
        ("{meets: security}", "standard `security` is met", "standard `security` is not met"),
        (
            "{attested: vault, fresh: 12 months}",
            "control `vault` is attested, no older than 12 months",
            "control `vault` is attested not to be in place, no older than 12 months",
        ),
        (
            "{judged: dangerous, by: {n: 2, of: [rso, board, auditor]}}",
            "`dangerous` is judged to be so by 2 of the Responsible Scaling Officer, the Board and the Auditor",
            "`dangerous` is judged not to be so by 2 of the Responsible Scaling Officer, the Board and the Auditor",
        ),
        (
            "{judged: dangerous, by: [rso, board]}",
            "`dangerous` is judged to be so by the Responsible Scaling Officer and the Board",
            "`dangerous` is judged not to be so by the Responsible Scaling Officer or the Board",
        ),
        (
            "{argued: no-sabotage}",
            "claim `no-sabotage` (sabotage is unlikely) is supported",
            "claim `no-sabotage` (sabotage is unlikely) is defeated",
        ),
        (
            "{approved: plan, by: {any-of: [rso, board]}}",
            "document `plan` is approved by the Responsible Scaling Officer or the Board",
            # one of two is enough, so both must have rejected it
            "document `plan` is rejected by the Responsible Scaling Officer and the Board",
        ),
        (
            "{published: plan, for-at-least: 30 days}",
            "document `plan` has been published for at least 30 days",
            "document `plan` has not been published for at least 30 days",
        ),
        (
            "{published: plan, coverage-within: 1 month, of: developer}",
            "document `plan` is published with a coverage that ends at most 1 month before, of the developer",
            "document `plan` is not published with a coverage that ends at most 1 month before, of the developer",
        ),
        (
            "{published: plan, for-at-least: 1 day, coverage-within: 9 days}",
            "document `plan` has been published for at least 1 day with a coverage that ends at most 9 days before",
            "document `plan` has not been published for at least 1 day with a coverage that ends at most 9 days before",
        ),
        (
            "{notified: board, of: plan, within-last: 30 days}",
            "the Board is notified of document `plan`, within the last 30 days",
            "the Board is not notified of document `plan`, within the last 30 days",
        ),
        ("{done: assess}", "duty `assess` is done", "duty `assess` is not done"),
        ("{overdue: assess}", "duty `assess` is overdue", "duty `assess` is not overdue"),
        (
            "{event: incident.discovered, kind: weight-theft, severity: high}",
            "an event `incident.discovered` with kind `weight-theft` and severity `high` is recorded",
            "no event `incident.discovered` with kind `weight-theft` and severity `high` is recorded",
        ),
        (
            "{event: model.deployed, class-at-least: deploy.external}",
            "an event `model.deployed` with class `deploy.external` or above is recorded",
            "no event `model.deployed` with class `deploy.external` or above is recorded",
        ),
        ("{term: large}", "`large` applies", "`large` does not apply"),
        (
            "{undefined: {owed: to be written}}",
            'a test that the text still owes ("to be written") is passed',
            'a test that the text still owes ("to be written") is failed',
        ),
        (
            "{all: [{term: large}, {any: [{meets: security}, {reached: t-run}]}]}",
            "`large` applies and (standard `security` is met or `t-run` is reached)",
            "`large` does not apply or (standard `security` is not met and `t-run` is ruled out)",
        ),
        ("{any: [{term: large}]}", "`large` applies", "`large` does not apply"),
        (
            "{at-least: {n: 2, of: [{term: large}, {meets: security}, {reached: t-run}]}}",
            "at least 2 of these are so: `large` applies; standard `security` is met; `t-run` is reached",
            # two of three fail to be true as soon as two are false
            "at least 2 of these are so: `large` does not apply; standard `security` is not met; `t-run` is ruled out",
        ),
        (
            "{readings: {id: x, broad: {term: large}, narrow: {reached: t-run}}}",
            "in the reading of `x` that counts (broad: `large` applies; narrow: `t-run` is reached)",
            "in the reading of `x` that counts (broad: `large` does not apply; narrow: `t-run` is ruled out)",
        ),
    ],
)
def test_a_condition_is_said_as_it_is_when_true_and_when_false(text: str, true: str, false: str) -> None:
    condition, policy = when(text)
    assert true == in_words(condition, policy)
    assert false == denied_in_words(condition, policy)


def test_states_are_said_of_restrictions_and_permissions() -> None:
    text = SOUND + "pledges: {p: {maintain: {all: [{active: hold-training}, {not: {in-force: interim}}]}}}\n"
    policy = decode(text, file="policy.yaml")
    words = in_words(policy.pledges["p"].maintain, policy)
    assert words == "restriction `hold-training` is active and permission `interim` is not in force"


@given(conditions)
def test_a_negation_says_what_the_denial_says(condition: Condition) -> None:
    negated = Not(part=condition)
    assert denied_in_words(condition, SOUND_POLICY) == in_words(negated, SOUND_POLICY)
    assert in_words(condition, SOUND_POLICY) == denied_in_words(negated, SOUND_POLICY)


def item(policy: Policy, section: str, name: str) -> Item:
    (items,) = (found.items for found in describe(policy) if found.title == section)
    (one,) = (one for one in items if one.id == name)
    return one


def described(text: str, section: str = "Restrictions", name: str = "hold-training") -> Item:
    return item(decode(text, file="policy.yaml"), section, name)


def test_under_the_developers_burden_a_restriction_says_what_must_be_shown_and_what_follows_if_not() -> None:
    one = described(SOUND)
    assert one.sentence == (
        "Training is held unless the developer can show that `t-run` is ruled out; if they cannot show that, "
        "then training is held until it is shown that standard `security` is met"
    )
    assert one.details[0] == ("presumed active where `when` is unknown: from the policy's burden of proof (developer)")


def test_under_the_challengers_burden_a_restriction_says_that_what_is_not_shown_holds_nothing() -> None:
    one = described(SOUND.replace("roles:", "burden-of-proof: challenger\nroles:", 1))
    assert one.sentence == (
        "Training is held only if it is shown that `t-run` is reached; "
        "then training is held until it is shown that standard `security` is met"
    )
    assert one.details[0] == (
        "presumed inactive where `when` is unknown: from the policy's burden of proof (challenger)"
    )


@pytest.mark.parametrize(
    ("burden", "presume", "begins"),
    [
        ("developer", "inactive", "Training is held only if it is shown that"),
        ("challenger", "active", "Training is held unless the developer can show that"),
    ],
)
def test_a_presumption_of_its_own_decides_the_words_and_is_named_as_the_origin(
    burden: str, presume: str, begins: str
) -> None:
    text = SOUND.replace("roles:", f"burden-of-proof: {burden}\nroles:", 1)
    one = described(text.replace("    until: {meets", f"    presume: {presume}\n    until: {{meets"))
    assert one.sentence.startswith(begins)
    assert one.details[0] == (
        f"presumed {presume} where `when` is unknown: stated by `presume`, "
        f"which overrides the policy's burden of proof ({burden})"
    )


def test_a_restriction_without_until_says_that_nothing_releases_it() -> None:
    one = described(SOUND.replace("    until: {meets: security}\n", ""))
    assert one.sentence.endswith("then training is held, and it has no `until` that would release it")


@pytest.mark.parametrize(
    ("clause", "begins"),
    [
        ("modality: should", "Should (never holds an action): training is held unless"),
        ("modality: expected", "Expected (never holds an action): training is held unless"),
        ("binding: conditional", "Conditional (never holds an action): training is held unless"),
        ("modality: aim\n    binding: recommendation", "Aim, recommendation (never holds an action): training is held"),
    ],
)
def test_what_does_not_bind_says_so_first(clause: str, begins: str) -> None:
    assert described(SOUND.replace("forbids: [train]", f"forbids: [train]\n    {clause}")).sentence.startswith(begins)


def test_a_weaker_duty_says_that_it_never_makes_a_departure() -> None:
    one = described(SOUND.replace("within: 30 days", "modality: expected"), "Duties", "assess")
    assert one.sentence.startswith("Expected (never makes a departure): assess capabilities, every 6 months or at 4x")


def test_a_duty_says_its_clock_and_what_must_be_so_first() -> None:
    text = SOUND.replace("within: 30 days", "clock: awareness\n    when: {reached: t-run}\n    for: developer")
    one = described(text, "Duties", "assess")
    assert "its time counts from: awareness" in one.details
    assert "when: {reached: t-run}" in one.details
    assert one.sentence.endswith("counted from its last completion, once it is so that `t-run` is reached")
    assert ", for the developer, " in one.sentence


@pytest.mark.parametrize(
    ("calendar", "says", "details"),
    [
        ("", "in UTC; business days are Monday, Tuesday, Wednesday, Thursday and Friday", ()),
        (
            "calendar: {time-zone: Asia/Dubai, holidays: [2026-12-02, 2026-01-01], business-week: [thu, sun, mon]}\n",
            "in Asia/Dubai; business days are Monday, Thursday and Sunday, but not holidays",
            ("holidays: 2026-01-01, 2026-12-02",),
        ),
        ("calendar: {business-week: [sat]}\n", "in UTC; business days are Saturday", ()),
    ],
)
def test_a_policy_says_in_which_zone_its_days_are_and_which_are_business_days(
    calendar: str, says: str, details: tuple[str, ...]
) -> None:
    one = described(calendar + SOUND, "Policy", "calendar")
    assert (one.sentence, one.details) == (f"Days begin and end {says}", details)


def test_a_duty_says_by_how_much_and_when_its_due_time_moves() -> None:
    more = "within: 30 days\n    extended: {by: 15 days, when: {published: plan}}\n    "
    more += "or-as-agreed: {document: plan, with: board}"
    one = described(SOUND.replace("within: 30 days", more), "Duties", "assess")
    assert one.details == (
        "extended by 15 days when document `plan` is published",
        "or as document `plan` says, agreed with the Board",
        "extended when: {published: plan}",
    )


def test_a_duty_says_who_is_told_of_another_date_and_that_the_issuer_owes_it() -> None:
    more = "within: 30 days\n    for: issuer\n    or-as-notified: {document: plan, to: board}"
    one = described(SOUND.replace("within: 30 days", more), "Duties", "assess")
    assert "or as document `plan` says, once the Board is notified of it" in one.details
    assert "assess capabilities, for the issuer of the policy, every 6 months" in one.sentence


def test_a_goal_without_a_day_says_so() -> None:
    text = SOUND.replace("{by: 2027-06-30, graded-by: rso}", "{graded-by: rso, modality: should}")
    one = described(text, "Goals", "level-4")
    assert one.sentence == (
        "Should (never makes a departure): without a day, graded by the Responsible Scaling Officer"
    )


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("", "Keeps it so that standard `security` is met"),
        (", for: developer", "Keeps it so that standard `security` is met"),
        (", for: each model", "Keeps it so that, for each model, standard `security` is met"),
        (
            ", for: each model, measured-every: 3 months",
            "Keeps it so that, for each model, standard `security` is met, measured every 3 months",
        ),
    ],
)
def test_a_pledge_says_for_whom_it_is_kept(stated: str, said: str) -> None:
    text = f"{SOUND}pledges: {{p: {{maintain: {{meets: security}}{stated}}}}}\n"
    assert described(text, "Pledges", "p").sentence == said


def test_amendments_without_a_rule_say_so() -> None:
    text = SOUND.replace(
        "amendments: {approved-by: [board], published: true, notice: 14 days}", "amendments: {note: x}"
    )
    assert described(text, "Amendments", "amendments").sentence == "Nothing is asked of an amendment"


def test_what_is_no_leaf_of_the_language_has_no_words() -> None:
    with pytest.raises(TypeError, match="Leaf is no leaf of the language"):
        in_words(Leaf(), SOUND_POLICY)


def test_an_item_carries_its_place_in_the_text_and_its_notes() -> None:
    clause = 'source: {section: "3.1", page: 12, note: see also 4}\n    note: read\n      twice\n    mark: V'
    one = described(
        SOUND.replace("forbids: [train]", f"forbids: [train, store]\n    {clause}\n    cease-within: 2 days")
    )
    assert one.source == "section 3.1, page 12"
    assert one.sentence.startswith("Training and storing weights are held unless")
    assert (one.note, one.source_note, one.mark) == ("read twice", "see also 4", "V")
    assert one.citation == "section 3.1, page 12; see also 4; mark: V"
    assert "an action already going on must cease within 2 days" in one.details
    assert "lifted while a permission is in force: `interim`" in one.details
    assert described(SOUND).source is None


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ("    for-at-most: 90 days\n    renewals: {at-most: 1}\n", "for at most 90 days at a time, renewable once"),
        ("    for-at-most: 90 days\n    renewals: {at-most: 0}\n", "for at most 90 days at a time, not renewable"),
        ("    renewals: {at-most: 3}\n", "without a stated limit of time, renewable 3 times"),
        ("    for-at-most: 1 day\n", "for at most 1 day at a time, renewable without a stated limit"),
        ("", "without a stated limit of time"),
    ],
)
def test_a_permission_says_what_it_lifts_when_and_for_how_long(limits: str, says: str) -> None:
    text = SOUND.replace("    for-at-most: 90 days\n    renewals: {at-most: 1}\n", limits)
    assert described(text, "Permissions", "interim").sentence == (
        "Lifts `hold-training` while it is shown that document `plan` is approved by the Responsible Scaling Officer, "
        + says
    )


def test_a_replacement_is_said_of_both_the_permission_and_the_standard() -> None:
    text = SOUND.replace("lifts: [hold-training]", "replaces: {security: stand-in}")
    assert described(text, "Permissions", "interim").sentence.startswith("Replaces standard `security` by `stand-in`")
    assert (
        "replaced by `stand-in` while permission `interim` is in force"
        in described(text, "Standards", "security").details
    )


def test_every_item_of_the_language_page_is_described(shared: Path) -> None:
    policy = decode(language_example(shared), file="example.yaml")
    said = {section.title: {one.id: one for one in section.items} for section in describe(policy)}
    for title, names in (
        ("Restrictions", policy.restrictions),
        ("Permissions", policy.permissions),
        ("Duties", policy.duties),
        ("Pledges", policy.pledges),
        ("Goals", policy.goals),
        ("Thresholds", policy.thresholds),
        ("Measures", policy.measures),
        ("Standards", policy.standards),
        ("Terms", policy.terms),
        ("Documents", policy.documents),
        ("Claims", policy.claims),
        ("Roles", policy.roles),
    ):
        assert list(names) == list(said[title])
    assert said["Policy"]["applies-to"].sentence == (
        "Binds whoever is such that training compute is more than 1e26 FLOP, of any model of the developer"
    )
    assert said["Standards"]["asl-4-security"].sentence == (
        'Not defined yet, so nothing can meet it: the text owes it ("to be defined"), '
        "before the first training where `autonomy-3` is reached"
    )
    assert [(part.id, part.sentence) for part in said["Standards"]["asl-3-security"].parts][1] == (
        "weights-red-team",
        "Attested by the External reviewer, with an effort of at least 500000 USD, with the outcome no-exfiltration",
    )
    assert said["Owed by the text"]["standard asl-4-security"].sentence == (
        'The text owes it ("to be defined"), before the first training where `autonomy-3` is reached'
    )
    assert said["Thresholds"]["autonomy-3"].source == "section 3.1, page 12"
    assert said["Goals"]["security-level-4"].sentence == (
        "Aim (never makes a departure): by 2027-06-30, graded by the Responsible Scaling Officer, "
        "reviewed by the Long-Term Benefit Trust"
    )
    assert said["Amendments"]["amendments"].sentence == (
        "An amendment must be approved by the Board of Directors, after consulting the Long-Term Benefit Trust, "
        "published, with a notice of 14 days"
    )
    assert "while it is overdue, held: training" in said["Duties"]["assess"].details
    assert said["Not encoded"]["7.4"].sentence == "Describes culture, no commitment"


def test_a_measure_says_how_far_a_ruling_out_reaches_and_what_evidence_must_declare() -> None:
    text = SOUND.replace(
        "unit: task,", "unit: {task: family}, elicitation: [tools], pre-registration: required, sequential: true,"
    )
    one = described(text, "Measures", "run")
    assert one.sentence == "A proportion over each task, as the suite brook/run estimates it"
    assert one.details == (
        "observations hang together by family",
        "evidence must declare its elicitation, or it rules nothing out: tools",
        "evidence counts as fresh while no older than 6 months and less than 4x growth of effective compute ago",
        "evidence that was not registered beforehand rules nothing out",
        (
            "a ruling-out reaches, for training and storing, its digest and later checkpoints of the same model "
            "while it is fresh; for all that ships, its own digest alone"
        ),
        "its bounds hold at all looks at once",
    )
    assert described(text, "Measures", "horizon").sentence == (
        "A time-horizon at 50% success, as the suite brook/horizon estimates it"
    )


def test_an_empty_policy_says_who_it_would_bind() -> None:
    (section,) = describe(decode(HEADER, file="policy.yaml"))
    assert [one.id for one in section.items] == [
        "brook-sound",
        "source",
        "encoding",
        "burden-of-proof",
        "applies-to",
        "calendar",
    ]
    assert section.items[4].sentence == "Binds every model of Brook"
