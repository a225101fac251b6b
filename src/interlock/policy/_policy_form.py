"""A policy file as one declaration: the header's keys, then its sections (LANGUAGE 1)."""

from __future__ import annotations

from typing import Final

from interlock.policy._commitment_forms import AMENDMENTS, DUTY, GOAL, PERMISSION, PLEDGE, RESTRICTION
from interlock.policy._condition_forms import CONDITION
from interlock.policy._forms import CLAUSES, Form, Key, Section, Values
from interlock.policy._item_forms import CLAIM, DOCUMENT, MEASURE, ROLE, STANDARD, TERM, THRESHOLD
from interlock.policy._model import Burden, Policy, Unencoded
from interlock.policy._shapes import DAY, IDENTIFIER, LINE, TEXT, TIME_ZONE, Choice, ListOf, choice
from interlock.terms import WEEKDAYS, Calendar

LANGUAGE_VERSION: Final = "1"
LANGUAGE: Final = Key(
    "interlock", choice("a version of the language", LANGUAGE_VERSION), required=True, says="version of the language"
)
ID: Final = Key("policy", IDENTIFIER, required=True, says="one name for all versions of the document")
VERSION: Final = Key("version", LINE, required=True, says="a label, taken as it is written")

_TITLE: Final = Key("title", LINE, says="title of the edition that was read")
_URL: Final = Key("url", LINE, says="where it was read")
_RETRIEVED: Final = Key("retrieved", DAY, says="on which day")
_SHA256: Final = Key("sha256", LINE, says="digest of what was read")
_EDITION: Final = (_TITLE, _URL, _RETRIEVED, _SHA256)


def _edition(values: Values) -> dict[str, str]:
    return {key.name: str(values.read[key.name]) for key in _EDITION if key.name in values.read}


_BY: Final = Key("by", LINE, says="who encoded it")
_STATUS: Final = Key("status", choice("a status", "unofficial", "adopted"), says="whether the issuer adopted it")
_REVIEWED_BY: Final = Key("reviewed-by", ListOf(LINE, least=0), says="who reviewed it")

_SECTION: Final = Key("section", LINE, required=True, says="the section left out")
_WHY: Final = Key("why", TEXT, required=True, says="why")
_UNENCODED_FORM: Final = Form(
    "unencoded",
    (_SECTION, _WHY, CLAUSES),
    lambda values: Unencoded(
        section=values.need(_SECTION), why=values.need(_WHY), clauses=values.need(CLAUSES), span=values.node.span
    ),
)

_DEFAULT: Final = Calendar()
_TIME_ZONE: Final = Key("time-zone", TIME_ZONE, default=_DEFAULT.time_zone, says="in which its days begin and end")
_HOLIDAYS: Final = Key("holidays", ListOf(DAY, least=0), default=(), says="days that are no business days")
_WEEK: Final = Key(
    "business-week",
    ListOf(Choice("a day of the week", {day: number for number, day in enumerate(WEEKDAYS)})),
    default=tuple(sorted(_DEFAULT.business_week)),
    says="days of the week that are business days",
)
_CALENDAR_FORM: Final = Form(
    "calendar",
    (_TIME_ZONE, _HOLIDAYS, _WEEK),
    lambda values: Calendar(
        time_zone=values.need(_TIME_ZONE),
        holidays=frozenset(values.need(_HOLIDAYS)),
        business_week=frozenset(values.need(_WEEK)),
    ),
)

_ISSUER: Final = Key("issuer", LINE, required=True, says="who is committed")
_POLICY_TITLE: Final = Key("title", LINE, required=True, says="what the document is called")
_EFFECTIVE: Final = Key("effective", DAY, required=True, says="the day from which it can be in force")
_SOURCE: Final = Key("source", Form("source", _EDITION, _edition), default={}, says="the edition that was read")
_ENCODING: Final = Key(
    "encoding",
    Form("encoding", (_BY, _STATUS, _REVIEWED_BY), lambda values: dict(values.read)),
    default={},
    says="who encoded it, and with what standing",
)
_UNENCODED: Final = Key(
    "unencoded", ListOf(_UNENCODED_FORM, least=0, distinct=False), default=(), says="what the encoding leaves out"
)
_CALENDAR: Final = Key("calendar", _CALENDAR_FORM, default=_DEFAULT, says="its time zone and business days")
_BURDEN: Final = Key(
    "burden-of-proof",
    Choice("a burden of proof", {burden.value: burden for burden in Burden}),
    default=Burden.DEVELOPER,
    says="who must show what the evidence leaves open",
)
APPLIES_TO: Final = Key("applies-to", CONDITION, says="whom it binds; by default its issuer")
_ROLES: Final = Key("roles", Section("role", ROLE), default={}, says="who acts")
_MEASURES: Final = Key("measures", Section("measure", MEASURE), default={}, says="what evidence estimates")
_THRESHOLDS: Final = Key("thresholds", Section("threshold", THRESHOLD), default={}, says="levels of capability")
_STANDARDS: Final = Key("standards", Section("standard", STANDARD), default={}, says="sets of controls")
_RESTRICTIONS: Final = Key(
    "restrictions", Section("restriction", RESTRICTION), default={}, says="what is forbidden, from when, until what"
)
_PERMISSIONS: Final = Key("permissions", Section("permission", PERMISSION), default={}, says="what lifts or replaces")
_DUTIES: Final = Key("duties", Section("duty", DUTY), default={}, says="what must be done, and by when")
_PLEDGES: Final = Key("pledges", Section("pledge", PLEDGE), default={}, says="standing promises")
_TERMS: Final = Key("terms", Section("term", TERM), default={}, says="words on which the text's meaning hangs")
_DOCUMENTS: Final = Key("documents", Section("document", DOCUMENT), default={}, says="documents that it speaks of")
_CLAIMS: Final = Key("claims", Section("claim", CLAIM), default={}, says="claims that are argued")
_GOALS: Final = Key("goals", Section("goal", GOAL), default={}, says="aims, most of them with a day")
_AMENDMENTS: Final = Key("amendments", AMENDMENTS, says="how it may be changed")


def _policy(values: Values) -> Policy:
    return Policy(
        id=values.need(ID),
        version=values.need(VERSION),
        issuer=values.need(_ISSUER),
        title=values.need(_POLICY_TITLE),
        effective=values.need(_EFFECTIVE),
        digest="",
        file=values.reading.source.file,
        burden=values.need(_BURDEN),
        calendar=values.need(_CALENDAR),
        source=values.need(_SOURCE),
        encoding=values.need(_ENCODING),
        unencoded=values.need(_UNENCODED),
        applies_to=values.get(APPLIES_TO),
        roles=values.need(_ROLES),
        measures=values.need(_MEASURES),
        thresholds=values.need(_THRESHOLDS),
        standards=values.need(_STANDARDS),
        restrictions=values.need(_RESTRICTIONS),
        permissions=values.need(_PERMISSIONS),
        duties=values.need(_DUTIES),
        pledges=values.need(_PLEDGES),
        terms=values.need(_TERMS),
        documents=values.need(_DOCUMENTS),
        claims=values.need(_CLAIMS),
        goals=values.need(_GOALS),
        amendments=values.get(_AMENDMENTS),
    )


POLICY: Final = Form(
    "policy",
    (
        LANGUAGE,
        ID,
        VERSION,
        _ISSUER,
        _POLICY_TITLE,
        _EFFECTIVE,
        _SOURCE,
        _ENCODING,
        _UNENCODED,
        _CALENDAR,
        _BURDEN,
        APPLIES_TO,
        _ROLES,
        _MEASURES,
        _THRESHOLDS,
        _STANDARDS,
        _RESTRICTIONS,
        _PERMISSIONS,
        _DUTIES,
        _PLEDGES,
        _TERMS,
        _DOCUMENTS,
        _CLAIMS,
        _GOALS,
        _AMENDMENTS,
    ),
    _policy,
)
