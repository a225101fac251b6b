"""The likeliest mistakes in each construct, and what is said of each: the line, the words, the nearest valid name."""

from __future__ import annotations

import re

import pytest

from interlock.notation import Fault, FaultsError
from interlock.policy import decode, decode_all
from tests.policy.files import HEADER, SOUND, line_of, with_when


def faults_of(content: str | bytes) -> tuple[Fault, ...]:
    with pytest.raises(FaultsError) as refused:
        decode(content, file="policy.yaml")
    return tuple(refused.value.faults)


def test_the_file_that_is_spoiled_below_is_sound() -> None:
    assert decode(SOUND, file="policy.yaml").id == "brook-sound"


# what stands in the sound file, what is written instead, the text that the fault marks, and what it says or suggests
MISTAKES = [
    # the header
    ("interlock: 1\n", "", "policy: brook-sound", "the policy has no `interlock`"),
    ("interlock: 1", "interlock: 2", "2", "`2` is not a version of the language that this program reads"),
    ("policy: brook-sound", "policy: Brook Sound", "Brook Sound", "`Brook Sound` can't be a name"),
    ('version: "1"', "version: {}", "{}", "this is a mapping"),
    ("policy: brook-sound", "policy: true", "true", "`true` is a truth value"),
    ('version: "1"', "version: true", "true", "`true` is a truth value"),
    ('version: "1"', "version:", "", "there is no value here"),
    ("title: A file without faults\n", "", "interlock", "the policy has no `title`"),
    ("issuer: Brook", "isuer: Brook", "isuer", "did you mean `issuer`"),
    ("effective: 2025-01-01", "effective: 2025-02-30", "2025-02-30", "is not a day of the calendar"),
    ("effective: 2025-01-01", "effective: 01/02/2025", "01/02/2025", "expected a day as YYYY-MM-DD"),
    ("roles:", "burden-of-proof: develper\nroles:", "develper", "did you mean `developer`"),
    ("roles:", "calendar: {time-zone: Mars/Base}\nroles:", "Mars/Base", "is not a time zone"),
    ("roles:", "calendar: {business-week: []}\nroles:", "[]", "this list is empty"),
    ("roles:", "calendar: {business-week: [mon, mon]}\nroles:", "mon", "`mon` stands in this list twice"),
    ("roles:", "calendar: {business-week: [monday]}\nroles:", "monday", "did you mean `mon`"),
    ("roles:", "calendar: {holidays: [2025-02-29]}\nroles:", "2025-02-29", "is not a day of the calendar"),
    ("roles:", "source: {retrieved: yesterday}\nroles:", "yesterday", "is not a date"),
    ("roles:", "encoding: {status: official}\nroles:", "official", "did you mean `unofficial`"),
    ("roles:", "unencoded: [{section: 7}]\nroles:", "{section: 7}", "`unencoded` has no `why`"),
    (
        "roles:",
        "applies-to: {quantity: training-compute}\nroles:",
        "{quantity: training-compute}",
        "has none of `at-least`",
    ),
    ("restrictions:", "restriction:", "restriction", "did you mean `restrictions`"),
    (
        "claims:\n  no-sabotage: {title: sabotage is unlikely, argued-to: [rso]}",
        "claims: no-sabotage",
        "no-sabotage",
        "this is `no-sabotage`",
    ),
    # roles
    ("side: oversight", "side: board", "board", "`board` is not a side"),
    ("board: {title: Board, side: oversight}", "board: {title: Board}", "board", "the role `board` has no `side`"),
    ("board: {title: Board, side: oversight}", "board: Board", "Board", "the role `board` is given as `Board`"),
    ("  level-4:", "  Level_4:", "Level_4", "did you mean `level-4`"),
    # measures
    ("statistic: proportion", "statistic: proprotion", "proprotion", "did you mean `proportion`"),
    ("suite: brook/run, ", "", "run", "the measure `run` has no `suite`"),
    ("unit: task", "unit: {task: family, trial: x}", "{task: family, trial: x}", "a unit has one name"),
    ("unit: task", "unit-passes: {at-least: 3, of: 2}", "3", "`3` of 2 tries can't pass"),
    ("unit: task", "carries: to-descendant", "to-descendant", "did you mean `to-descendants`"),
    ("unit: task", "pre-registration: require", "require", "did you mean `required`"),
    ("unit: task", "sequential: 1", "1", "`1` is no truth value"),
    ("unit: task", "at: 50%", "50%", "the proportion `run` takes no `at`"),
    ("at: 50%, ", "", "time-horizon", "the time-horizon `horizon` has no `at`"),
    ("at: 50%", "at: 100%", "100%", "expected a share between 0% and 100%"),
    ("unit: task", "elicitation: tools", "tools", "this is `tools`"),
    ("growth: 4x", "growth: 1x", "1x", "expected a factor above 1x"),
    ("growth: 4x", "growth: 4", "4", "expected a factor above 1x"),
    ("{for: 6 months, growth: 4x}", "{}", "{}", "`fresh` has none of `for`, `growth`"),
    ("{for: 6 months, growth: 4x}", "6", "6", "`6` has no unit of time"),
    ("suite: brook/run", 'suite: "a\\nb"', '"a', "this text has several lines"),
    ("for: 6 months", "for: half a year", "half a year", "is not a period"),
    ("for: 6 months", "for: 0 months", "0 months", "is not a period"),
    ("for: 6 months", "for: 1.5 months", "1.5 months", "is not a period"),
    # thresholds
    ("hazard: [autonomy.replication]", "hazard: []", "[]", "this list is empty"),
    ("    reached-when: {measure", "    reached: {measure", "reached", "did you mean `reached-when`"),
    ("at-least: 50%", "at-least: 101%", "101%", "does not fit the proportion `run`"),
    ("at-least: 50%", "at-least: 0.5", "0.5", "expected a share from 0% to 100%"),
    ("at-least: 50%", "at-least: 50 %%", "50 %%", "`%%` is not a unit"),
    ("at-least: 50%", "atleast: 50%", "atleast", "did you mean `at-least`"),
    ("at-least: 50%", "at-least: 50%, below: 60%", "below", "`measure` says both `at-least` and `below`"),
    ("at-least: 50%, ", "", "{measure: run, confidence: 95%}", "`measure` has none of `at-least`, `more-than`"),
    ("confidence: 95%", "confidence: 0.95", "0.95", "expected a share between 0% and 100%"),
    ("confidence: 95%", "confidence: 100%", "100%", "expected a share between 0% and 100%"),
    ("{measure: run,", "{measure: horizon,", "50%", "expected a length of time, such as `8 hours`"),
    ("{measure: run,", "{measure: rum,", "rum", "did you mean `run`"),
    # standards
    ("kind: security", "kind: secure", "secure", "is not a kind of standard"),
    ("      guards: {attested-by: [rso, auditor]}", "      {}", "{}", "there is no control here"),
    (
        "    controls:\n      guards: {attested-by: [rso, auditor]}",
        "    kind: security",
        "stand-in",
        "has none of `controls`",
    ),
    ("attested-by: auditor", "attested-by: []", "[]", "this list is empty"),
    ("attested-by: auditor", "attested-by: [auditor, auditor]", "auditor", "stands in this list twice"),
    ("attested-by: auditor", "attested-by: {any-of: [auditr]}", "auditr", "did you mean `auditor`"),
    ("attested-by: auditor", "attested-by: {n: 3, of: [rso, auditor]}", "3", "`3` roles can't speak where 2 are named"),
    ("attested-by: auditor", "attested-by: {n: 2}", "{n: 2}", "names its roles in no way that is known"),
    ("attested-by: auditor", "attested-by: {all: [rso]}", "all", "unknown key `all`"),
    ("attested-by: auditor", "effort: {at-least: 1 USD}", "vault", "the control `vault` has no `attested-by`"),
    ("fresh: 12 months", "effort: 500000 USD", "500000 USD", "`effort` is given as `500000 USD`"),
    ("fresh: 12 months", "effort: {at-least: 500000 dollars}", "500000 dollars", "`dollars` is not a unit"),
    # restrictions
    ("forbids: [train]", "forbids: train", "train", "expected a list in brackets"),
    ("forbids: [train]", "forbids: [train, train]", "train", "stands in this list twice"),
    ("forbids: [train]", "forbids: [deploy.publicly]", "deploy.publicly", "is not an action of the ontology"),
    ("    forbids: [train]\n", "", "hold-training", "the restriction `hold-training` has no `forbids`"),
    ("    when: {reached: t-run}\n", "", "hold-training", "the restriction `hold-training` has no `when`"),
    ("when: {reached: t-run}", "when:", "", "nothing is no condition"),
    ("when: {reached: t-run}", "when: {}", "{}", "an empty mapping is no condition"),
    ("when: {reached: t-run}", "when: always", "always", "`always` is no condition"),
    ("when: {reached: t-run}", "when: [reached]", "[reached]", "a list is no condition"),
    ("until: {meets: security}", "until: {meets: security}\n    presume: yes", "yes", "`yes` is a truth value"),
    ("until: {meets: security}", "until: {meets: security}\n    presume: activ", "activ", "did you mean `active`"),
    ("until: {meets: security}", "until: {meets: securty}", "securty", "did you mean `security`"),
    ("until: {meets: security}", "cease-within: 2", "2", "`2` has no unit of time"),
    ("until: {meets: security}", "modality: shall", "shall", "is not a modality"),
    ("until: {meets: security}", "binding: unilaterl", "unilaterl", "did you mean `unilateral`"),
    ("until: {meets: security}", "source: section 3", "section 3", "`source` is given as `section 3`"),
    ("until: {meets: security}", "source: {}", "{}", "`source` has none of `section`"),
    # permissions
    ("    lifts: [hold-training]\n", "", "interim", "the permission `interim` has none of `lifts`, `replaces`"),
    ("lifts: [hold-training]", "replaces: {security: standin}", "standin", "did you mean `stand-in`"),
    ("lifts: [hold-training]", "replaces: {}", "{}", "this is an empty mapping"),
    ("renewals: {at-most: 1}", "renewals: 1", "1", "`renewals` is given as `1`"),
    ("renewals: {at-most: 1}", "renewals: {at-most: -1}", "-1", "a whole number of at least 0"),
    ("renewals: {at-most: 1}", 'renewals: {at-most: "1"}', '"1"', "a whole number of at least 0"),
    ("renewals: {at-most: 1}", "renewals: {at-most: 1.0}", "1.0", "a whole number of at least 0"),
    # duties
    ("    must: assess capabilities\n", "", "assess", "the duty `assess` has no `must`"),
    ("    every: {growth: 4x, time: 6 months, whichever: first}\n", "", "assess", "has none of `when`, `every`"),
    ("whichever: first", "whichever: earliest", "earliest", "is not an order"),
    (
        "{growth: 4x, time: 6 months, whichever: first}",
        "{anchor: schedule}",
        "{anchor: schedule}",
        "has none of `growth`",
    ),
    ("within: 30 days", "for: each modle", "each modle", "did you mean `each model`"),
    ("within: 30 days", "for: each document plam", "each document plam", "did you mean `plan`"),
    ("within: 30 days", "clock: discovry", "discovry", "did you mean `discovery`"),
    ("within: 30 days", "otherwise: {forbids: []}", "[]", "this list is empty"),
    ("within: 30 days", "extended: {by: 15 days}", "{by: 15 days}", "`extended` has no `when`"),
    ("within: 30 days", "or-as-agreed: {document: plan}", "{document: plan}", "`or-as-agreed` has no `with`"),
    (
        "every: {growth: 4x, time: 6 months, whichever: first}\n    within: 30 days",
        "when: {reached: t-run}\n    extended: {by: 15 days, when: {published: plan}}",
        "{by: 15 days",
        "the duty `assess` has no due time that `extended` could move",
    ),
    # pledges
    ("terms:\n", "pledges:\n  p: {maintain: {meets: security}, for: each lineage}\nterms:\n", "each lineage", "is not"),
    ("terms:\n", "pledges:\n  p: {maintain: {meets: security}, for: modle}\nterms:\n", "modle", "expected one of: dev"),
    # terms, documents, claims, goals, amendments
    ("large: {means: {quantity", "large: {mean: {quantity", "mean", "did you mean `means`"),
    (
        "{means: {quantity: training-compute, more-than: 1e26 FLOP}}",
        "{readings: {one: {judged: big, by: rso}}}",
        "{one: {judged: big, by: rso}}",
        "a text of one reading is not in dispute",
    ),
    ("{means: {quantity: training-compute, more-than: 1e26 FLOP}}", "{readings: broad}", "broad", "this is `broad`"),
    ("submitted-by: rso", "submitted-by: [rso]", "[rso]", "this is a list"),
    ("argued-to: [rso]", "argued-to: [rsp]", "rsp", "did you mean `rso`"),
    ("sections: [measures]", "sections: [measures, {a: b}]", "{a: b}", "this is a mapping"),
    ("title: sabotage is unlikely, ", "", "no-sabotage", "the claim `no-sabotage` has no `title`"),
    ("by: 2027-06-30", "by: 2027", "2027", "is not a date"),
    ("approved-by: [board]", "approved-by: [bord]", "bord", "did you mean `board`"),
    ("published: true", 'published: "true"', '"true"', "is no truth value"),
]


@pytest.mark.parametrize(("old", "new", "marked", "says"), MISTAKES)
def test_a_mistake_is_one_fault_at_its_place(old: str, new: str, marked: str, says: str) -> None:
    assert old in SOUND
    text = SOUND.replace(old, new, 1)
    (fault,) = faults_of(text)
    assert says in " ".join(fault.draw().split())
    line = text.split("\n")[fault.span.line - 1]
    assert line == fault.line_text
    assert line[fault.span.column - 1 : fault.span.end_column - 1].startswith(marked)
    changed = SOUND[: SOUND.index(old)].count("\n") + 1
    # a missing key is told at the item, which begins above
    assert changed - 4 <= fault.span.line <= changed + 2


LARGE = "means: {quantity: training-compute, more-than: 1e26 FLOP}"
CONDITIONS = [
    ("{reachd: t-run}", "reachd", "did you mean `reached`"),
    ("{reached: t-rnu}", "t-rnu", "expected `t-run`"),
    ("{reached: [t-run]}", "[t-run]", "expected the name of a threshold"),
    ("{reached: }", "", "there is no value here"),
    ("{reached: t-run, confidence: 95%}", "confidence", "unknown key `confidence`"),
    ("{reached: t-run, of: this-model}", "this-model", "`this-model` is not a scope"),
    ("{reached: t-run, ruled-out: t-run}", "ruled-out", "says both `reached` and `ruled-out`"),
    ("{ruled-out: t-run, ahead: 50%}", "50%", "expected a factor above 1x"),
    ("{quantity: training-compute, more-than: 1e26 FLOPS}", "1e26 FLOPS", "`FLOPS` is not a unit"),
    ("{quantity: training-compute, more-than: [1e26]}", "[1e26]", "this is a list"),
    ("{quantity: Training Compute, more-than: 1e26 FLOP}", "Training Compute", "can't be a name"),
    ("{growth: effective-compute, at-least: 4x}", "{growth", "`growth` has no `since`"),
    ("{growth: effective-compute, since: assess, at-least: 4 days}", "4 days", "does not fit growth"),
    ("{growth: effective-compute, since: asess, at-least: 4x}", "asess", "expected `assess`"),
    ("{elapsed: 6 months}", "{elapsed: 6 months}", "`elapsed` has no `since`"),
    ("{elapsed: 4x, since: assess}", "4x", "is not a period"),
    ("{meets: t-run}", "t-run", "`t-run` is a threshold of this policy, not a standard"),
    ("{attested: valt}", "valt", "did you mean `vault`"),
    ("{attested: vault, by: nobody}", "nobody", "`nobody` is not a role of this policy"),
    ("{judged: dangerous}", "{judged: dangerous}", "`judged` has no `by`"),
    ("{judged: Is it dangerous?, by: rso}", "Is it dangerous?", "can't be a name"),
    ("{judged: dangerous, by: {n: 0, of: [rso]}}", "0", "a whole number of at least 1"),
    ("{argued: no-sabotge}", "no-sabotge", "expected `no-sabotage`"),
    ("{approved: plan}", "{approved: plan}", "`approved` has no `by`"),
    ("{published: plan, for-at-least: 30}", "30", "`30` has no unit of time"),
    ("{notified: regulator, of: plan}", "regulator", "`regulator` is not a role of this policy"),
    ("{notified: board}", "{notified: board}", "`notified` has no `of`"),
    ("{notified: board, of: this}", "this", "`this` is not a document of this policy"),
    ("{done: asses}", "asses", "expected `assess`"),
    ("{active: hold-trainin}", "hold-trainin", "expected `hold-training`"),
    ("{in-force: interm}", "interm", "expected `interim`"),
    ("{term: larg}", "larg", "expected `large`"),
    ("{event: model.deploy}", "model.deploy", "did you mean `model.deployed`"),
    ("{event: model.deployed, class: deploy.external}", "deploy.external", "is not a deployment class"),
    ("{event: model.deployed, class-at-least: train}", "train", "is not a deployment class or a parent of one"),
    ("{event: training.started, class-at-least: deploy}", "class-at-least", "unknown key `class-at-least`"),
    ("{event: incident.discovered, sevrity: high}", "sevrity", "did you mean `severity`"),
    ("{event: document.published, document: plam}", "plam", "expected `plan`"),
    ("{event: document.published, sections: measures}", "measures", "this field holds a list"),
    ("{event: document.submitted, schedule: assess}", "assess", "this field holds a list or a mapping"),
    ("{event: evaluation.planned, ahead: 6x}", "6x", "this field holds a list or a mapping"),
    ("{event: incident.discovered, kind: [a, b]}", "[a, b]", "this is a list"),
    ("{event: incident.discovered, within-last: 30}", "30", "has no unit of time"),
    ("{undefined: to be written}", "to be written", "`undefined` is given as `to be written`"),
    ("{undefined: {}}", "{}", "`undefined` has no `owed`"),
    ("{undefined: {owed: x, before: {first: trian}}}", "trian", "did you mean `train`"),
    ("{undefined: {owed: x, before: {of: {reached: t-rnu}}}}", "t-rnu", "expected `t-run`"),
    ("{all: []}", "[]", "this list is empty"),
    ("{any: []}", "[]", "this list is empty"),
    ("{all: {reached: t-run}}", "{reached: t-run}", "this is a mapping"),
    ("{all: [{reached: t-run}], any: [{reached: t-run}]}", "any", "says both `all` and `any`"),
    ("{all: [{reached: t-run}, {}]}", "{}", "an empty mapping is no condition"),
    ("{not: []}", "[]", "a list is no condition"),
    ("{at-least: 2}", "at-least", "`at-least` is no condition"),
    ("{at-least: {n: 2, of: [{reached: t-run}]}}", "2", "`2` of 1 conditions can't be true"),
    ("{at-least: {n: 0, of: [{reached: t-run}]}}", "0", "a whole number of at least 1"),
    ("{at-least: {n: 1, of: []}}", "[]", "this list is empty"),
    ("{at-least: {of: [{reached: t-run}]}}", "{of", "`at-least` has no `n`"),
    ("{measur: run, at-least: 50%}", "measur", "did you mean `measure`"),
    ("{readings: {a: {reached: t-run}, b: {term: large}}}", "{a:", "`readings` has no `id`"),
    ("{readings: {id: x, a: {reached: t-run}}}", "{id:", "a text of one reading is not in dispute"),
    (
        "{readings: {id: large, a: {reached: t-run}, b: {term: large}}}",
        "large",
        "the readings `large` are defined twice",
    ),
    ("{readings: [a, b]}", "[a, b]", "this is a list"),
    ("{event: [model.deployed]}", "[model.deployed]", "this is a list"),
    ("{judged: dangerous, by: {any-of: [rso], n: 1}}", "{any-of", "names its roles in no way that is known"),
    ("{approved: plan, by: {n: 1, of: []}}", "[]", "this list is empty"),
    ("{reached: t-run, fresh: {}}", "{}", "`fresh` has none of"),
    ("{reached: t-run, within-last: 4x}", "4x", "is not a period"),
]


@pytest.mark.parametrize(("condition", "marked", "says"), CONDITIONS)
def test_a_mistake_in_a_condition_is_one_fault_at_its_place(condition: str, marked: str, says: str) -> None:
    text = with_when(condition)
    (fault,) = faults_of(text)
    assert says in " ".join(fault.draw().split())
    assert line_of(text, f"when: {condition}") == fault.span.line
    line = text.split("\n")[fault.span.line - 1]
    assert line[fault.span.column - 1 : fault.span.end_column - 1].startswith(marked)


@pytest.mark.parametrize(
    "old",
    [
        "{title: Board, side: oversight}",
        "{for: 6 months, growth: 4x}",
        "[autonomy.replication]",
        "{measure: run, at-least: 50%, confidence: 95%}",
        "50%, confidence",
        "auditor, fresh",
        "[train]",
        "{reached: t-run}",
        "t-run}\n    until",
        "{at-most: 1}",
        "1}\nduties",
        "assess capabilities",
        "{growth: 4x, time: 6 months, whichever: first}",
        "first}",
        "2027-06-30",
        "true, notice",
        LARGE.removeprefix("means: "),
    ],
)
def test_a_value_refused_by_notation_is_no_second_fault_of_meaning(old: str) -> None:
    assert old in SOUND
    word = re.match(r"[^\[{,}\n]*|[\[{].*", old)
    assert word is not None
    rest = "" if old[0] in "[{" else old[len(word[0]) :]
    (fault,) = faults_of(SOUND.replace(old, f"no{rest}", 1))
    assert "`no` is a truth value in some YAML" in fault.message


@pytest.mark.parametrize("section", ["roles", "measures", "thresholds", "claims", "terms", "amendments"])
def test_a_section_refused_by_notation_is_no_second_fault_of_meaning(section: str) -> None:
    (fault,) = faults_of(f"{HEADER}{section}: *nothing\n")
    assert fault.message == "the alias `*nothing` has no anchor before it"


@pytest.mark.parametrize(
    ("replacements", "path"),
    [
        ({"when: {reached: t-run}": "when: {active: hold-training}"}, "restriction `hold-training` → restriction"),
        (
            {"when: {approved: plan, by: [rso]}": "when: {active: hold-training}"},
            "restriction `hold-training` → permission `interim` → restriction `hold-training`",
        ),
        ({"when: {approved: plan, by: [rso]}": "when: {in-force: interim}"}, "permission `interim` → permission"),
        (
            {
                "lifts: [hold-training]": "replaces: {security: stand-in}",
                "{approved: plan, by: [rso]}": "{meets: security}",
            },
            "standard `security` → permission `interim` → standard `security`",
        ),
        ({"lifts: [hold-training]": "replaces: {security: security}"}, "standard `security` → standard `security`"),
        (
            {
                "{measure: run, at-least: 50%, confidence: 95%}": "{term: large}",
                "{quantity: training-compute, more-than: 1e26 FLOP}": "{not: {any: [{reached: t-run}]}}",
            },
            "threshold `t-run` → term `large` → threshold `t-run`",
        ),
        ({"within: 30 days": "when: {overdue: assess}"}, "duty `assess` → duty `assess`"),
        ({"within: 30 days": "done-when: {done: assess}"}, "duty `assess` → completion `assess` → duty `assess`"),
        ({"within: 30 days": "done-when: {elapsed: 6 months, since: assess}"}, "completion `assess` → completion"),
        (
            {"roles:\n": "applies-to: {active: hold-training}\nroles:\n"},
            "applies-to → restriction `hold-training` → applies-to",
        ),
        (
            {LARGE: "readings: {a: {term: large}, b: {done: assess}}"},
            "term `large` → term `large`",
        ),
    ],
)
def test_a_cycle_is_refused_with_its_path(replacements: dict[str, str], path: str) -> None:
    text = SOUND
    for old, new in replacements.items():
        assert old in text
        text = text.replace(old, new, 1)
    (fault,) = faults_of(text)
    assert path in fault.message
    assert fault.message.startswith("this makes a cycle: ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # the time since a duty's own last completion is past, so it may trigger the next
        ("within: 30 days", "when: {elapsed: 6 months, since: assess}"),
        # what is not defined yet is never evaluated, nor is the case in which it is owed
        ("{reached: t-run}", "{undefined: {owed: x, before: {of: {active: hold-training}}}}"),
        # an event about a duty is a fact; no state of the duty is asked for
        ("within: 30 days", "excused-when: {event: excuse.claimed, duty: assess}"),
    ],
)
def test_what_only_looks_like_a_cycle_is_allowed(old: str, new: str) -> None:
    assert decode(SOUND.replace(old, new, 1), file="policy.yaml").id == "brook-sound"


def test_a_cycle_is_found_beside_another_fault_of_the_same_item() -> None:
    text = SOUND.replace("until: {meets: security}", "until: {active: hold-training}\n    cease-within: 2")
    cycle, period = faults_of(text)
    assert "this makes a cycle" in cycle.message
    assert "`2` has no unit of time" in period.message


def test_each_of_two_cycles_is_reported_once() -> None:
    terms = "terms:\n  a: {means: {term: b}}\n  b: {means: {term: a}}\n  c: {means: {term: c}}\n"
    assert [fault.message for fault in faults_of(HEADER + terms)] == [
        "this makes a cycle: term `a` → term `b` → term `a`",
        "this makes a cycle: term `c` → term `c`",
    ]


def test_names_that_expand_without_end_are_refused() -> None:
    """Terms of two terms each, thirty deep: a thousand million conditions, if they were written out."""
    terms = [f"  t{i}: {{means: {{any: [{{term: t{i + 1}}}, {{term: t{i + 1}}}]}}}}" for i in range(30)]
    last = "  t30: {means: {quantity: training-compute, more-than: 1e26 FLOP}}"
    faults = faults_of(HEADER + "terms:\n" + "\n".join([*terms, last]) + "\n")
    assert all("more than 10000 conditions with the names in it written out" in fault.message for fault in faults)


def test_names_that_nest_deeply_are_refused_whatever_their_number() -> None:
    terms = [f"  t{i}: {{means: {{term: t{i + 1}}}}}" for i in range(5000)]
    last = "  t5000: {means: {quantity: training-compute, more-than: 1e26 FLOP}}"
    faults = faults_of(HEADER + "terms:\n" + "\n".join([*terms, last]) + "\n")
    assert all("nests more than 64 deep with the names in it written out" in fault.message for fault in faults)


def test_a_misspelled_section_does_not_make_its_names_undefined() -> None:
    (fault,) = faults_of(SOUND.replace("thresholds:", "tresholds:"))
    assert fault.nearest == "thresholds"


def test_an_item_with_a_fault_is_still_defined_for_others() -> None:
    (fault,) = faults_of(SOUND.replace("hazard: [autonomy.replication]", "hazard: [autonomy.replicatoin]"))
    assert fault.nearest == "autonomy.replication"


def test_the_faults_of_notation_and_of_meaning_are_reported_together() -> None:
    text = SOUND.replace("published: true", "published: no").replace("forbids: [train]", "forbids: [trian]")
    assert [fault.message for fault in faults_of(text)] == [
        "`trian` is not an action of the ontology",
        "`no` is a truth value in some YAML and text in other YAML",
    ]


def test_of_another_version_of_the_language_nothing_else_is_said() -> None:
    (fault,) = faults_of(SOUND.replace("interlock: 1", "interlock: 2").replace("forbids", "prohibits"))
    assert "`2` is not a version of the language" in fault.message


def test_the_faults_of_all_files_of_a_run_are_reported_and_nothing_is_returned() -> None:
    bad, worse = SOUND.replace("[train]", "[trian]"), SOUND.replace("t-run}", "t-rnu}")
    with pytest.raises(FaultsError) as refused:
        decode_all([("z.yaml", SOUND), ("b.yaml", bad.replace('"1"', '"2"')), ("a.yaml", worse.replace('"1"', '"3"'))])
    assert [fault.span.file for fault in refused.value.faults] == ["b.yaml", "a.yaml"]


def test_two_files_of_one_version_of_a_policy_are_refused() -> None:
    with pytest.raises(FaultsError) as refused:
        decode_all([("a.yaml", SOUND), ("b.yaml", SOUND)])
    (fault,) = refused.value.faults
    assert fault.message == "version `1` of `brook-sound` is also in a.yaml"
    assert (fault.span.file, fault.span.line, fault.span.column) == ("b.yaml", 3, 10)


@pytest.mark.parametrize("content", ["", "[]", "text", "- a\n", "interlock: 1\n", "null\n"])
def test_what_is_no_policy_at_all_is_refused(content: str) -> None:
    assert faults_of(content)


def test_a_name_of_the_wrong_section_is_not_taken() -> None:
    (fault,) = faults_of(with_when("{approved: security, by: rso}"))
    assert fault.message == "`security` is a standard of this policy, not a document"


def test_a_name_asked_of_an_empty_section_says_that_there_is_none() -> None:
    (fault,) = faults_of(HEADER + "restrictions: {hold: {forbids: [train], when: {reached: t-1}}}\n")
    assert fault.expected == "the name of a threshold, and the policy has none"


def test_of_many_valid_names_forty_are_listed() -> None:
    roles = "roles:\n" + "".join(f"  role-{i}: {{side: developer}}\n" for i in range(100))
    (fault,) = faults_of(HEADER + roles + "claims: {c: {title: c, argued-to: [rule-7]}}\n")
    assert fault.nearest == "role-7"
    assert fault.expected is not None
    assert fault.expected.endswith("role-39 and 60 more")
