"""Shapes: what a key of a policy file may hold, as data, each with its words and its reader.

A shape reads a node into a value, or adds a fault and returns None; None is never a value. Shapes are declarations:
faults, the key tables of the documentation and the JSON Schema for editors all come from the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Generic, Protocol, TypeVar

from interlock.notation import MappingNode, Node, ScalarNode, SequenceNode, shown
from interlock.policy._reading import Owner, Reading, one_of
from interlock.terms import (
    PLAIN,
    MalformedError,
    Period,
    PeriodUnit,
    Quantity,
    check_time_zone,
    nearest,
    parse_date,
    parse_identifier,
    parse_period,
    parse_quantity,
)

_TEXTS: Final = frozenset({"text", "`true` or `false`"})
"""What is expected where a word that may be a truth value should be one, or stand in quotes."""
_LONGEST_NAME: Final = 128
_UNSUITED: Final = re.compile(r"[^a-z0-9.]+", re.ASCII)
_NUMBER_AND_UNIT: Final = re.compile(r"([1-9][0-9]{0,8})\s*([A-Za-z][A-Za-z -]*)?", re.ASCII)
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K")


class Shape(Protocol[T_co]):
    """What a key may hold."""

    @property
    def words(self) -> str:
        """What is expected, for people: `a period such as 90 days`."""

    def read(self, node: Node, reading: Reading) -> T_co | None:
        """Return the value of `node`, or None after adding at least one fault (or where one is already reported)."""


def got(node: Node) -> str:
    """Return what stands in the file instead of what was expected."""
    match node:
        case SequenceNode():
            return "a list"
        case MappingNode():
            return "a mapping"
        case ScalarNode():
            return f"`{shown(node.text)}`" if node.text else "nothing"


def scalar(node: Node, reading: Reading, words: str) -> ScalarNode | None:
    """Return `node` if it is a text that says something; otherwise add a fault, if none is reported yet."""
    if not isinstance(node, ScalarNode):
        reading.fault(node, f"this is {got(node)}", expected=words)
        return None
    if not node.sound:
        if node.doubtful and words not in _TEXTS:
            reading.faults.expect(node.span, words)
        return None
    if not node.text.strip():
        reading.fault(node, "there is no value here", expected=words)
        return None
    if node.plain and node.value is None:
        reading.fault(node, f"{got(node)} is no value here", expected=words)
        return None
    return node


@dataclass(frozen=True, slots=True)
class Text:
    """Free text. A plain number is taken as it is written; a plain truth value must be quoted."""

    words: str = "text"
    several_lines: bool = False

    def read(self, node: Node, reading: Reading) -> str | None:
        """Return the text."""
        found = scalar(node, reading, self.words)
        if found is None:
            return None
        if found.plain and isinstance(found.value, bool):
            reading.fault(node, f"`{found.text}` is a truth value", expected=f'{self.words}; quote it: "{found.text}"')
            return None
        if not self.several_lines and "\n" in found.text.strip("\n"):
            reading.fault(node, "this text has several lines", expected=f"{self.words} on one line")
            return None
        return found.text.strip()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text is refused, what is expected where that is more than the shape's words, and what was likely meant."""

    message: str
    expected: str | None = None
    meant: str | None = None


def _as_parsed(text: str, refusal: str) -> Refusal:
    """Return what a parser's message says; a unit that is none is put right within the text."""
    message, _, _ = refusal.partition("; expected ")
    message, _, meant = message.partition("; did you mean ")
    wrong = message.split("`")[1] if "`" in message else ""
    whole = text.replace(wrong, meant.strip("`")) if meant and wrong else None
    return Refusal(message.replace(text, shown(text)), meant=whole)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """A text that a parser of `interlock.terms` reads; `refused` says of a text and the parser's message why not.

    `names` says that a truth value would parse, and must be quoted as in other text.
    """

    words: str
    parse: Callable[[str], T]
    refused: Callable[[str, str], Refusal] = _as_parsed
    names: bool = False

    def read(self, node: Node, reading: Reading) -> T | None:
        """Return what the parser makes of the text; its refusal becomes the fault."""
        found = scalar(node, reading, self.words)
        if found is None:
            return None
        if self.names and found.plain and isinstance(found.value, bool):
            reading.fault(node, f"`{found.text}` is a truth value", expected=f'{self.words}; quote it: "{found.text}"')
            return None
        try:
            return self.parse(found.text)
        except MalformedError as error:
            refusal = self.refused(found.text, error.message)
            names = () if refusal.meant is None else (refusal.meant,)
            expected = refusal.expected or self.words
            reading.fault(node, refusal.message, expected=expected, name=refusal.meant, names=names)
            return None


def _no_name(text: str, _refusal: str) -> Refusal:
    """Say why a text can't be a name; the nearest that could be one is suggested."""
    if len(text) > _LONGEST_NAME:
        return Refusal(f"`{shown(text)}` has {len(text)} characters", f"a name of at most {_LONGEST_NAME} characters")
    meant = _UNSUITED.sub("-", text.lower()).strip("-.")
    return Refusal(
        f"`{shown(text)}` can't be a name", "lower-case letters and digits, parts joined by `-` or `.`", meant
    )


def _no_period(text: str, refusal: str) -> Refusal:
    """Say why a text is no period; a number without a unit, and a unit that is misspelled, are told apart."""
    _, _, expected = refusal.partition("; expected ")
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if match is not None and not match[2]:
        return Refusal(f"`{shown(text)}` has no unit of time", expected)
    unit = nearest(match[2], _UNITS) if match else None
    meant = f"{match[1]} {unit}" if match and unit else None
    return Refusal(f"`{shown(text)}` is not a period", expected, meant)


_UNITS: Final = tuple(f"{unit.value}s" for unit in PeriodUnit)
IDENTIFIER: Final = Parsed(
    "a name in lower-case letters and digits, parts joined by `-` or `.`", parse_identifier, _no_name, names=True
)
DAY: Final[Parsed[date]] = Parsed("a day as YYYY-MM-DD", parse_date)
PERIOD: Final[Parsed[Period]] = Parsed("a period such as `90 days`", parse_period, _no_period)
TIME_ZONE: Final = Parsed("a time zone such as `UTC` or `America/New_York`", check_time_zone)
QUANTITY: Final[Parsed[Quantity]] = Parsed("a quantity with its unit, such as `50%` or `1e26 FLOP`", parse_quantity)
LINE: Final = Text()
TEXT: Final = Text(several_lines=True)


@dataclass(frozen=True, slots=True)
class Bounded:
    """A number of one dimension strictly between two bounds, as an exact fraction."""

    words: str
    dimension: str
    above: Fraction
    below: Fraction | None = None

    def read(self, node: Node, reading: Reading) -> Fraction | None:
        """Return the number."""
        quantity = QUANTITY.read(node, reading)
        if quantity is None:
            return None
        number = quantity.magnitude
        if quantity.dimension == self.dimension and self.above < number and (self.below is None or number < self.below):
            return number
        meant = self._meant(quantity)
        reading.fault(
            node,
            f"`{shown(quantity.text)}` does not fit here",
            expected=self.words,
            name=meant,
            names=(meant,) if meant else (),
        )
        return None

    def _meant(self, quantity: Quantity) -> str | None:
        """Return what a number without its unit most likely stands for: `95` and `0.95` for `95%`, `4` for `4x`."""
        number = quantity.magnitude
        if quantity.dimension != PLAIN or not self.above < number:
            return None
        if self.dimension == "factor":
            return f"{quantity.text}x"
        if self.dimension != "share" or number >= 100 or number == 1:  # noqa: PLR2004 - per cent
            return None
        return f"{quantity.text}%" if number > 1 else f"{_decimal(number * 100)}%"


def _decimal(number: Fraction) -> str:
    return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"


CONFIDENCE: Final = Bounded("a share between 0% and 100%, such as `95%`", "share", Fraction(0), Fraction(1))
FACTOR: Final = Bounded("a factor above 1x, such as `4x`", "factor", Fraction(1))


@dataclass(frozen=True, slots=True)
class Whole:
    """A plain whole number of at least `least`."""

    least: int

    @property
    def words(self) -> str:
        """What is expected."""
        return f"a whole number of at least {self.least}"

    def read(self, node: Node, reading: Reading) -> int | None:
        """Return the number; one in quotes is text and refused."""
        found = scalar(node, reading, self.words)
        if found is None:
            return None
        value = found.value
        if isinstance(value, int) and not isinstance(value, bool) and value >= self.least and found.text.isdigit():
            return value
        reading.fault(node, f"`{shown(found.text)}` does not fit here", expected=self.words)
        return None


@dataclass(frozen=True, slots=True)
class Flag:
    """`true` or `false`."""

    words: str = "`true` or `false`"

    def read(self, node: Node, reading: Reading) -> bool | None:
        """Return the truth value; None, as ever, is a fault."""
        found = scalar(node, reading, self.words)
        if found is None:
            return None
        if isinstance(found.value, bool):
            return found.value
        reading.fault(node, f"`{shown(found.text)}` is no truth value", expected=self.words)
        return None


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One of a closed list of words."""

    noun: str
    values: Mapping[str, T]

    @property
    def words(self) -> str:
        """What is expected."""
        return one_of(self.values)

    def read(self, node: Node, reading: Reading) -> T | None:
        """Return what the word stands for."""
        found = scalar(node, reading, self.words)
        if found is None:
            return None
        if found.text in self.values:
            return self.values[found.text]
        message = f"`{shown(found.text)}` is not {self.noun}"
        reading.fault(node, message, expected=self.words, name=found.text, names=self.values)
        return None


def choice(noun: str, *words: str) -> Choice[str]:
    """Return the choice among words that stand for themselves."""
    return Choice(noun, {word: word for word in words})


@dataclass(frozen=True, slots=True)
class Name:
    """The name of an item that the policy defines; `aspect` is what of it is depended on, if it is not the item."""

    kind: str
    aspect: str | None = None
    recorded: bool = True

    @property
    def words(self) -> str:
        """What is expected."""
        return f"the name of a {self.kind} of this policy"

    def read(self, node: Node, reading: Reading) -> str | None:
        """Return the name."""
        found = scalar(node, reading, self.words)
        if found is None:
            return None
        target = Owner(self.aspect or self.kind, found.text) if self.recorded else None
        return reading.resolve(found, self.kind, target=target)


@dataclass(frozen=True, slots=True)
class ListOf(Generic[T]):
    """A list; `distinct` refuses the same item twice."""

    item: Shape[T]
    least: int = 1
    distinct: bool = True

    @property
    def words(self) -> str:
        """What is expected."""
        return f"a list in brackets, each item {self.item.words}"

    def read(self, node: Node, reading: Reading) -> tuple[T, ...] | None:
        """Return the items; None if any is faulty."""
        if isinstance(node, ScalarNode) and not node.sound:
            return None
        if not isinstance(node, SequenceNode):
            reading.fault(node, f"this is {got(node)}", expected=self._words_for(node))
            return None
        read = [self.item.read(item, reading) for item in node.items]
        sound = [value for value in read if value is not None]
        if len(node.items) < self.least:
            reading.fault(node, self._too_few(node), expected=self.words)
            return None
        if self.distinct and not self._are_distinct(node, reading):
            return None
        return tuple(sound) if len(sound) == len(read) else None

    def _words_for(self, node: Node) -> str:
        """Return what is expected; of a single value, as a list of one."""
        if not isinstance(node, ScalarNode) or not node.text.strip() or len(node.text) > _LONGEST_NAME:
            return self.words
        return self.words.replace("in brackets", f"in brackets, such as [{shown(node.text)}]", 1)

    def _too_few(self, node: SequenceNode) -> str:
        return "this list is empty" if not node.items else f"this list has fewer than {self.least} items"

    def _are_distinct(self, node: SequenceNode, reading: Reading) -> bool:
        seen: set[str] = set()
        distinct = True
        for item in node.items:
            if isinstance(item, ScalarNode) and item.sound:
                if item.text in seen:
                    reading.fault(item, f"`{shown(item.text)}` stands in this list twice", expected="each item once")
                    distinct = False
                seen.add(item.text)
        return distinct


@dataclass(frozen=True, slots=True)
class MapOf(Generic[K, T]):
    """A mapping whose keys are names of one shape and whose values are of another; never empty."""

    key: Shape[K]
    value: Shape[T]

    @property
    def words(self) -> str:
        """What is expected."""
        return f"a mapping from {self.key.words} to {self.value.words}"

    def read(self, node: Node, reading: Reading) -> dict[K, T] | None:
        """Return the entries in the order of the file; None if any is faulty."""
        if isinstance(node, ScalarNode) and not node.sound:
            return None
        if not isinstance(node, MappingNode) or not node.entries:
            reading.fault(
                node,
                f"this is {'an empty mapping' if isinstance(node, MappingNode) else got(node)}",
                expected=self.words,
            )
            return None
        read: dict[K, T] = {}
        for key_node, value_node in node.entries:
            key, value = self.key.read(key_node, reading), self.value.read(value_node, reading)
            if key is not None and value is not None:
                read[key] = value
        return read if len(read) == len(node.entries) else None
