"""What is said of a policy, before anyone lays it out: sections of items, each a sentence and what is beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from interlock.policy._conditions import Condition
from interlock.policy._model import Clause, Disputant
from interlock.policy._text import condition_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item: its name, what it says in a sentence, what there is to know beside it, and its place in the text.

    `source` is the place, `source_note` what is noted on it, `mark` how far the encoding was verified, `note` a remark
    of whoever encoded it. `parts` are items of their own within it: the controls of a standard.
    """

    id: str
    sentence: str
    details: tuple[str, ...] = ()
    source: str | None = None
    source_note: str | None = None
    mark: str | None = None
    note: str | None = None
    modality: str = "must"
    binding: str = "unilateral"
    parts: tuple[Item, ...] = ()

    @property
    def citation(self) -> str | None:
        """Where the text says it and how far that was verified, as it is cited beside the item; None if unstated."""
        mark = None if self.mark is None else f"mark: {self.mark}"
        return "; ".join(part for part in (self.source, self.source_note, mark) if part) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The items of one kind under a title."""

    title: str
    items: tuple[Item, ...]


def item_of(
    id_: str, sentence: str, details: Iterable[str], clause: Clause, *, weaker: str, parts: Iterable[Item] = ()
) -> Item:
    """Return the item with what its clause says; `weaker` is what an item that does not bind never does."""
    marks = [] if clause.modality == "must" else [clause.modality]
    marks += [] if clause.binding == "unilateral" else [clause.binding]
    plain = sentence if clause.binds else f"{', '.join(marks)} ({weaker}): {sentence}"
    return Item(
        id=id_,
        sentence=capital(plain),
        details=tuple(details),
        source=place_of(clause),
        source_note=on_one_line(clause.source_note),
        mark=clause.mark,
        note=on_one_line(clause.note),
        modality=clause.modality,
        binding=clause.binding,
        parts=tuple(parts),
    )


def place_of(clause: Clause) -> str | None:
    """Return the place in the policy's text."""
    place = (("section", clause.section), ("page", clause.page))
    return ", ".join([*(f"{name} {text}" for name, text in place if text), *clauses_in_words(clause.clauses)]) or None


def clauses_in_words(clauses: tuple[str, ...]) -> list[str]:
    """Return the ids of clauses as they are cited; an empty list for none."""
    return [f"{'clause' if len(clauses) == 1 else 'clauses'} {', '.join(clauses)}"] if clauses else []


def disputant_in_words(one: Disputant) -> str:
    """Return who holds that a term is to be read in some way, by which reading, what they say, and where."""
    how = "" if one.reading is None else f", who reads it as `{one.reading}`"
    return f"disputed by {one.by}{how}: {on_one_line(one.says)} ({one.where})"


def on_one_line(text: str | None) -> str | None:
    """Return a text with its line breaks as spaces."""
    return None if text is None else " ".join(text.split())


def capital(sentence: str) -> str:
    """Return the sentence with its first letter a capital."""
    return sentence[:1].upper() + sentence[1:]


def texts(*named: tuple[str, Condition | None]) -> tuple[str, ...]:
    """Return the canonical text of each condition, by the key that it stands under."""
    return tuple(f"{name}: {condition_text(condition)}" for name, condition in named if condition is not None)
