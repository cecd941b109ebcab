"""A signature written into a document, everything else left as it stands: layout, remarks, order."""

from __future__ import annotations

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from authz.document.model import Signature


def with_signature(text: str, signatures: tuple[Signature, ...], new: Signature) -> str:
    """The document's text with `new` among its `signatures`, in place of one with the same role."""
    kept = [each for each in signatures if each.role != new.role]
    block = "signatures:\n" + "".join(_item(each) for each in sorted((*kept, new), key=lambda each: each.role, reverse=True))
    begin, end = _block(text)
    before = text[:begin]
    if before and not before.endswith("\n"):
        before += "\n"
    return before + block + text[end:]


def _item(signature: Signature) -> str:
    return (
        f"  - by: {signature.by}\n    role: {signature.role}\n    kid: {signature.kid}\n"
        f"    alg: {signature.alg}\n    over: {signature.over}\n    value: {signature.value}\n"
    )


def _block(text: str) -> tuple[int, int]:
    """Where the word `signatures` and its value stand, whole lines; the end of the text when there is none."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(node, MappingNode)
    for key, value in node.value:
        if key.value == "signatures":
            line_end = text.find("\n", _end(value))
            return key.start_mark.index, len(text) if line_end < 0 else line_end + 1
    return len(text), len(text)


def _end(node: Node) -> int:
    """Where the node's last character stands. YAML counts the remarks after a block to the block; they are not."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)
