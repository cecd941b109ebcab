"""A picture of a graph as data, and its text for the two tools that draw: Graphviz and Mermaid.

In: boxes and arrows, in the order in which they shall be written. Out: the text of a `.dot` file or of a Mermaid flowchart.
Nothing here knows what is drawn: the query graph and the fetch graph both come as a `Drawing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A box. `name` is unique in the drawing and a plain word; `lines` stand in it; boxes of one `group` are framed together.

    A `round` box stands for something that is not at one place: the look-up of an entity, the start.
    """

    name: str
    lines: tuple[str, ...]
    group: str = ""
    round: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow between boxes, by name. A `dashed` one is a move that something else decides about."""

    source: str
    target: str
    label: str = ""
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]

    def groups(self) -> dict[str, list[Box]]:
        """Group → its boxes, in order of first mention; the group `""` has no frame."""
        found: dict[str, list[Box]] = {}
        for box in self.boxes:
            found.setdefault(box.group, []).append(box)
        return found


def to_dot(drawing: Drawing, name: str) -> str:
    """The drawing for Graphviz: `dot -Tsvg`."""
    lines = [f"digraph {_quoted([name])} {{", "  rankdir=LR;", '  node [shape=box, fontname="monospace", fontsize=10];']
    lines.append('  edge [fontname="monospace", fontsize=9];')
    for number, (group, boxes) in enumerate(drawing.groups().items()):
        inner = [f"{box.name} [label={_quoted(box.lines)}{', shape=ellipse' if box.round else ''}];" for box in boxes]
        if group:
            lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted([group])};", *_indented(inner, 4), "  }"]
        else:
            lines += _indented(inner, 2)
    for arrow in drawing.arrows:
        marks = [f"label={_quoted([arrow.label])}"] if arrow.label else []
        marks += ["style=dashed"] if arrow.dashed else []
        listed = f" [{', '.join(marks)}]" if marks else ""
        lines.append(f"  {arrow.source} -> {arrow.target}{listed};")
    return "\n".join([*lines, "}"])


def to_mermaid(drawing: Drawing) -> str:
    """The drawing as a Mermaid flowchart, as pages in Markdown show it."""
    lines = ["flowchart LR"]
    for number, (group, boxes) in enumerate(drawing.groups().items()):
        inner = [_mermaid_box(box) for box in boxes]
        if group:
            lines += [f'  subgraph group{number}["{_escaped([group])}"]', *_indented(inner, 4), "  end"]
        else:
            lines += _indented(inner, 2)
    for arrow in drawing.arrows:
        line = "-.->" if arrow.dashed else "-->"
        label = f'|"{_escaped([arrow.label])}"|' if arrow.label else ""
        lines.append(f"  {arrow.source} {line}{label} {arrow.target}")
    return "\n".join(lines)


def _mermaid_box(box: Box) -> str:
    opening, closing = ("([", "])") if box.round else ("[", "]")
    return f'{box.name}{opening}"{_escaped(box.lines)}"{closing}'


def _indented(lines: Iterable[str], width: int) -> Iterator[str]:
    return (" " * width + line for line in lines)


def _quoted(lines: Iterable[str]) -> str:
    """A Graphviz string; `\\l` ends a line that stands at the left."""
    texts = [line.replace("\\", "\\\\").replace('"', '\\"') for line in lines]
    return f'"{texts[0]}"' if len(texts) == 1 else '"' + "".join(f"{text}\\l" for text in texts) + '"'


def _escaped(lines: Iterable[str]) -> str:
    """Text inside a quoted Mermaid label: its own markup and HTML are written as entities."""
    entities = {"#": "#35;", "&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;"}
    return "<br/>".join("".join(entities.get(sign, sign) for sign in line) for line in lines)
