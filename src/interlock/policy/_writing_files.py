"""The canonical form of a policy file: what `decode` reads of it, written as `_writing` says, and every comment of it.

A Markdown file is written block by block: its prose stays as it is, byte for byte, and each item in its block. Pure:
takes bytes and returns bytes. What is returned reads as the same policy, with the same comments, or nothing is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from interlock.notation import (
    Comment,
    FaultCollector,
    MappingNode,
    comments_of,
    is_markdown,
    read_markdown_blocks,
    read_yaml,
)
from interlock.policy._decode import decode
from interlock.policy._model import Policy
from interlock.policy._writing import SECTION_ITEMS, policy_lines, policy_text, policy_tree
from interlock.policy._writing_layout import WIDTH, Tree
from interlock.policy._writing_notes import notes_of


def formatted(content: bytes, *, file: str) -> bytes:
    """Return the canonical form of a policy file, itself where it has that form; FaultsError where it is rejected."""
    policy = decode(content, file=file)
    write = _markdown if is_markdown(file) else _yaml
    written = "".join(write(content, file, policy)).encode()
    again = decode(written, file=file)
    same = replace(again, digest=policy.digest) == policy and policy_text(again) == policy_text(policy)
    if not same or _comments(written, file) != _comments(content, file):
        msg = f"`{file}` can't be written so that it reads the same"
        raise RuntimeError(msg)
    return written


def _yaml(content: bytes, file: str, policy: Policy) -> Iterator[str]:
    for part in _parts(content, file):
        yield from (f"{line}\n" for line in _lines(part, policy_tree(policy, kept=part.notes.commented)))


def _markdown(content: bytes, file: str, policy: Policy) -> Iterator[str]:
    lines = content.decode().split("\n")
    ended = [f"{line}\n" for line in lines[:-1]] + lines[-1:]
    done = 0
    for part in _parts(content, file):
        yield from ended[done : part.above]
        done = part.above + part.height
        own = _part_of(policy, part)
        if not own:  # it says nothing but defaults, and a block may not be empty
            yield from ended[part.above : done]
            continue
        end = "\r\n" if ended[part.above - 1].endswith("\r\n") else "\n"
        pad = " " * part.indent
        yield from (f"{pad}{line}{end}" if line else end for line in _lines(part, own))
    yield from ended[done:]


def _part_of(policy: Policy, part: _Part) -> dict[str, Tree]:
    """Return what of the policy stands in one block, in the order in which it is written."""
    own: dict[str, Tree] = {}
    kept = part.notes.commented
    for key, said in policy_tree(policy, kept=kept).items():
        node = part.root.get(key)
        if key in SECTION_ITEMS and isinstance(said, Mapping) and isinstance(node, MappingNode):
            items = {name: said[name] for name in node.keys()}  # noqa: SIM118 - a node is no mapping
            own |= {key: items} if items or key in kept else {}
        elif node is not None:
            own[key] = said
    return own


class _Part:
    """A YAML text: a whole file, or a block of `height` lines below the first `above` of it, indented."""

    def __init__(self, root: MappingNode, lines: Sequence[str], *, above: int = 0, indent: int = 0) -> None:
        self.root = root
        self.above = above
        self.height = len(lines)
        self.indent = indent
        self.comments = tuple(comments_of("\n".join(lines), above=above))
        self.notes = notes_of(root, self.comments)


def _parts(content: bytes, file: str) -> Iterator[_Part]:
    """Yield the YAML texts of a sound policy file."""
    faults = FaultCollector()
    if is_markdown(file):
        for block in read_markdown_blocks(content, file=file, faults=faults):
            fence = block.fence
            lines = block.root.source.lines[fence.opening : fence.closing - 1]
            yield _Part(block.root, lines, above=fence.opening, indent=fence.indent)
    else:
        root = read_yaml(content, file=file, faults=faults)
        if isinstance(root, MappingNode):
            yield _Part(root, root.source.lines)
    faults.check()


def _lines(part: _Part, tree: Mapping[str, Tree]) -> Iterator[str]:
    notes = part.notes
    yield from notes.head
    if notes.head:
        yield ""
    foot, notes.keys.after = notes.keys.after, []
    yield from policy_lines(tree, notes.keys, width=WIDTH - part.indent)
    if foot:
        yield ""
    yield from foot


def _comments(content: bytes, file: str) -> Counter[str]:
    comments: Iterator[Comment] = (comment for part in _parts(content, file) for comment in part.comments)
    return Counter(comment.text for comment in comments)
