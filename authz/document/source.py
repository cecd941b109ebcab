"""YAML with memory: text in, nodes that know their lines out.

A plain loader would take an alias that unfolds to gigabytes without a murmur; here there are none.
"""

from __future__ import annotations

import re
from typing import Final

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from authz.document.findings import Report

_LONGEST: Final = 512 * 1024
_TAG: Final = "tag:yaml.org,2002:"
_WHOLE: Final = re.compile(r"\A[-+]?(0|[1-9]\d{0,14})\Z")
_DECIMAL: Final = re.compile(r"\A[-+]?\d{1,15}\.\d{1,15}\Z")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's is twenty times faster, where it is built in


def line_of(node: Node) -> int:
    """The line where the node starts, counted from 1."""
    return int(node.start_mark.line) + 1


def composed(text: str, report: Report) -> MappingNode | None:
    """The document's top mapping; None, with a finding, when the text is no single YAML mapping without aliases."""
    if len(text) > _LONGEST:
        report.error("TOO_LONG", 1, f"The document has more than {_LONGEST // 1024} KiB: no contract needs that.")
        return None
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        report.error("NOT_YAML", mark.line + 1 if mark else 1, f"This is no YAML: {error.problem or error.context}.")
        return None
    if not isinstance(node, MappingNode):
        report.error("NOT_A_MAPPING", 1, "A contract is one mapping that starts with `apiVersion: sharing/v1`.")
        return None
    alias = _alias(node, set())
    if alias is not None:
        report.error("ALIAS", line_of(alias), "Contracts have no YAML aliases: write a bundle instead.")
        return None
    return node


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
