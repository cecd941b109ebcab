"""YAML with memory: text in, nodes that know their lines out.

A plain loader would take an alias that unfolds to gigabytes without a murmur; here there are none.
"""

from __future__ import annotations

from typing import Final

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from authz.document.findings import Report

_LONGEST: Final = 512 * 1024
_TAG: Final = "tag:yaml.org,2002:"


def line_of(node: Node) -> int:
    """The line where the node starts, counted from 1."""
    return int(node.start_mark.line) + 1


def composed(text: str, report: Report) -> MappingNode | None:
    """The document's top mapping; None, with a finding, when the text is no single YAML mapping without aliases."""
    if len(text) > _LONGEST:
        report.error("TOO_LONG", 1, f"The document has more than {_LONGEST // 1024} KiB: no contract needs that.")
        return None
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                report.error(
                    "ALIAS",
                    event.start_mark.line + 1 if event.start_mark else 1,
                    "Contracts have no YAML aliases: write a bundle instead.",
                )
                return None
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        report.error("NOT_YAML", mark.line + 1 if mark else 1, f"This is no YAML: {error.problem or error.context}.")
        return None
    if not isinstance(node, MappingNode):
        report.error("NOT_A_MAPPING", 1, "A contract is one mapping that starts with `apiVersion: sharing/v1`.")
        return None
    return node


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
        case "int":
            return yaml.safe_load(text)
        case "float":
            return float(yaml.safe_load(text))
        case _:
            return text
