"""YAML with memory: text in, nodes that know their places out.

A plain loader would take an alias that unfolds to gigabytes without a murmur; here there are none.
"""

from __future__ import annotations

import re
from typing import Final

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from authz.document.findings import START, Place, Report

_LONGEST: Final = 512 * 1024
_DEEPEST: Final = 40
_TAG: Final = "tag:yaml.org,2002:"
_WHOLE: Final = re.compile(r"\A[-+]?(0|[1-9]\d{0,14})\Z")
_DECIMAL: Final = re.compile(r"\A[-+]?\d{1,15}\.\d{1,15}\Z")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's is twenty times faster, where it is built in


def place_of(node: Node) -> Place:
    """Where the node starts."""
    return Place(int(node.start_mark.line) + 1, int(node.start_mark.column) + 1)


def is_null(node: Node) -> bool:
    """Whether the node says nothing, as if its word were absent."""
    return isinstance(node, ScalarNode) and node.tag == f"{_TAG}null"


def composed(text: str, report: Report) -> MappingNode | None:
    """The document's top mapping; None, with a finding, when the text is no single YAML mapping without aliases."""
    if len(text) > _LONGEST:
        report.error("TOO_LONG", START, f"The document has more than {_LONGEST // 1024} KiB: no contract needs that.")
        return None
    try:
        if _is_too_deep(text):
            report.error("TOO_DEEP", START, f"The document nests more than {_DEEPEST} levels: no contract needs that.")
            return None
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        at = Place(mark.line + 1, mark.column + 1) if mark else START
        report.error("NOT_YAML", at, f"This is no YAML: {getattr(error, 'problem', None) or error}.")
        return None
    if not isinstance(node, MappingNode):
        report.error("NOT_A_MAPPING", START, "A contract is one mapping that starts with `apiVersion: sharing/v1`.")
        return None
    alias = _alias(node, set())
    if alias is not None:
        report.error("ALIAS", place_of(alias), "Contracts have no YAML aliases: write a bundle instead.")
        return None
    return node


def _is_too_deep(text: str) -> bool:
    """Looked for in the stream of events: libyaml's composer overruns the stack some 20,000 levels deep, which ends us."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                return True
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
    return False


def _alias(node: Node, seen: set[int]) -> Node | None:
    """A node that stands in the tree a second time; looked for before anything walks the tree, which may be endless."""
    if id(node) in seen:
        return node
    seen.add(id(node))
    match node:
        case MappingNode():
            children = [part for pair in node.value for part in pair]
        case SequenceNode():
            children = list(node.value)
        case _:
            children = []
    return next((found for child in children if (found := _alias(child, seen)) is not None), None)


def plain_value(node: Node) -> object:
    """The node as JSON values: for digests and for free data such as `context`."""
    match node:
        case MappingNode():
            return {str(key.value): plain_value(value) for key, value in node.value}
        case SequenceNode():
            return [plain_value(item) for item in node.value]
        case ScalarNode():
            return _plain_scalar(node)
        case _:
            return None


def _plain_scalar(node: ScalarNode) -> object:
    text = str(node.value)
    match str(node.tag).removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return text.lower() in ("true", "yes", "on")
        case "int" if _WHOLE.match(text):
            return int(text)
        case "float" if _DECIMAL.match(text):
            return float(text)
        case _:
            # Codes with leading zeros (ATVK 0001000) are texts here, not YAML's octal numbers.
            return text
