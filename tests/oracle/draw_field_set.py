"""Draws the field set of a @requires or @provides: external fields of other subgraphs, or what lies below them.

In: a draft, a subgraph, a type. Out: the text; empty when there is nothing to name.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle.draft import Abstract, Draft, Field, Object

_LITERALS = {"x: Int": "4", "s: String!": '"r"', "l: [Int!]": "[1, 2]", "e: E": "E2", "n: N": "{x: 1}", "n: [N!]!": "[{x: 2}]"}


@dataclass(slots=True)
class FieldSetDrawing:
    """Draws one field set of one subgraph."""

    draft: Draft
    graph: str
    for_provides: bool = False

    def on(self, type_name: str, depth: int, *, below_external: bool) -> str:
        """A field set on the type; empty when there is none."""
        abstract = self.draft.abstracts.get(type_name)
        if abstract is None:
            return self._on_object(self.draft.objects[type_name], depth, below_external=below_external)
        return self._on_abstract(abstract, depth, below_external=below_external)

    def _on_object(self, one: Object, depth: int, *, below_external: bool) -> str:
        random = self.draft.random
        parts: list[str] = []
        names = list(one.fields)
        random.shuffle(names)
        for name in names[: random.randint(1, 4)]:
            part = self._field(one, one.fields[name], depth, below_external=below_external)
            if part:
                parts.append(part)
        return " ".join(parts)

    def _field(self, one: Object, inner: Field, depth: int, *, below_external: bool) -> str:
        draft, graph = self.draft, self.graph
        if inner.progressive or inner.name in ("seq", "again") or (inner.arguments and self.for_provides):
            return ""
        if graph in inner.homes and (inner.homes[graph].stale or inner.homes[graph].requires):
            return ""
        if not inner.resolvers() or not draft.allows(inner.target, graph):
            return ""
        is_own = inner.resolves(graph) or one.kind == "value"
        arguments = self._arguments(inner)
        if inner.is_leaf:
            return f"{inner.name}{arguments}" if below_external or not is_own else ""
        if depth > 2:
            return ""
        text = self.on(inner.target, depth + 1, below_external=below_external or not is_own)
        return f"{inner.name}{arguments} {{ {text} }}" if text else ""

    def _arguments(self, inner: Field) -> str:
        given = []
        for one in inner.arguments:
            plain = one.split(" = ", maxsplit=1)[0]
            if plain.endswith("!") or self.draft.random.random() < 0.5:
                literal = _LITERALS.get(plain, '"q"')
                given.append(f"{plain.split(':', maxsplit=1)[0]}: {literal}")
        return f"({', '.join(given)})" if given else ""

    def _on_abstract(self, abstract: Abstract, depth: int, *, below_external: bool) -> str:
        draft, random = self.draft, self.draft.random
        if self.graph in abstract.opaque:
            return "id" if below_external else ""
        members = draft.known(abstract, self.graph)
        if not abstract.is_union and random.random() < 0.4:
            text = self._on_interface(abstract, members, below_external=below_external)
            if text:
                return text
        parts = []
        for member in random.sample(members, random.randint(1, len(members))):
            text = self._on_object(draft.objects[member], depth + 1, below_external=below_external)
            if text:
                parts.append(f"... on {member} {{ {text} }}")
        return " ".join(parts)

    def _on_interface(self, abstract: Abstract, members: list[str], *, below_external: bool) -> str:
        """Leaves of the interface itself."""
        names = []
        for inner in abstract.fields.values():
            owners = [self.draft.objects[one] for one in members]
            fields = [one.fields[inner.name] for one in owners]
            if not inner.is_leaf or inner.homes or any(one.progressive or self._is_stale(one) for one in fields):
                continue
            if any(one.kind == "value" for one in owners) or (inner.arguments and self.for_provides):
                continue
            if below_external or all(not one.resolves(self.graph) for one in fields):
                names.append(f"{inner.name}{self._arguments(inner)}")
        return " ".join(names[: self.draft.random.randint(1, 2)])

    def _is_stale(self, one: Field) -> bool:
        return self.graph in one.homes and (one.homes[self.graph].stale or bool(one.homes[self.graph].requires))
