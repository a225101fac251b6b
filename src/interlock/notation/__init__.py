"""Strict readers of YAML, JSON and tables: values with positions, and faults that draw the line they are about.

YAML 1.2 core schema and nothing beside it; what YAML 1.1 would read otherwise is refused, never silently text.
Every fault of a text is collected. Knows no policy and no event: what the nodes mean is the caller's to say.

>>> from interlock.notation import FaultsError, parse_yaml, yaml_values
>>> yaml_values(parse_yaml("{published: true, pages: [3, 4]}", file="example.yaml"))
{'published': True, 'pages': [3, 4]}
>>> try:
...     parse_yaml("published: no", file="example.yaml")
... except FaultsError as error:
...     print(error.faults[0].draw())
example.yaml:1:12: `no` is a truth value in some YAML and text in other YAML
     1 | published: no
       |            ^^
   expected `true` or `false`, or "no" in quotes for the text
"""

from __future__ import annotations

from interlock.notation._characters import shown
from interlock.notation._comments import Comment, comments_of
from interlock.notation._faults import FAULTS_COUNTED, Fault, FaultCollector, FaultsError
from interlock.notation._json import parse_json, parse_json_lines
from interlock.notation._markdown import MarkdownBlock, is_markdown, read_markdown, read_markdown_blocks
from interlock.notation._nodes import Located, MappingNode, Node, ScalarNode, SequenceNode
from interlock.notation._numbers import ExactFloat
from interlock.notation._quoting import quoted
from interlock.notation._sources import Source
from interlock.notation._spans import NOWHERE, Span
from interlock.notation._tables import Cell, Table, read_table
from interlock.notation._values import parse_yaml, parse_yaml_items, yaml_values
from interlock.notation._yaml import read_yaml

__all__ = [
    "FAULTS_COUNTED",
    "NOWHERE",
    "Cell",
    "Comment",
    "ExactFloat",
    "Fault",
    "FaultCollector",
    "FaultsError",
    "Located",
    "MappingNode",
    "MarkdownBlock",
    "Node",
    "ScalarNode",
    "SequenceNode",
    "Source",
    "Span",
    "Table",
    "comments_of",
    "is_markdown",
    "parse_json",
    "parse_json_lines",
    "parse_yaml",
    "parse_yaml_items",
    "quoted",
    "read_markdown",
    "read_markdown_blocks",
    "read_table",
    "read_yaml",
    "shown",
    "yaml_values",
]
