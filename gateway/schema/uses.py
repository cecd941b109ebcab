"""Every application of @key, @requires and @provides with the place it stands at: what the rules about field sets look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLError, print_ast

from gateway.schema.field_sets import FieldSet, parse_field_set
from gateway.schema.links import argument
from gateway.schema.subgraph import Applied, CompositeType, Field, Subgraph, named_type
from gateway.schema.types import fields_text


@dataclass(frozen=True, slots=True)
class FieldSetUse:
    """One application: on type `owner` (@key) or on its `field` (@requires, @provides); it selects on type `target`."""

    subgraph: Subgraph
    directive: str
    owner: CompositeType
    field: Field | None
    target: str
    applied: Applied

    @property
    def code(self) -> str:
        """What error codes about it begin with: KEY, REQUIRES or PROVIDES."""
        return self.directive.upper()

    @property
    def where(self) -> str:
        """The beginning of every message about it."""
        given = argument(self.applied.node, "fields")
        printed = print_ast(given) if given is not None else ""
        place = f'On field "{self.owner.name}.{self.field.name}"' if self.field else f'On type "{self.owner.name}"'
        return f"{place}, for @{self.directive}(fields: {printed})"

    @property
    def text(self) -> str | None:
        """The field set's text; None when the argument is no text."""
        return fields_text(self.applied, lists=self.subgraph.is_federation_1)

    def parse(self) -> FieldSet | GraphQLError | None:
        """The field set, or why it does not parse; None when it is no text."""
        if self.text is None:
            return None
        try:
            return parse_field_set(self.text)
        except GraphQLError as error:
            return error


def uses(subgraph: Subgraph, *directives: str) -> Iterator[FieldSetUse]:
    """All applications of these directives, in the order of the types."""
    for owner in subgraph.composites():
        if "key" in directives:
            for applied in owner.marks.all("key"):
                yield FieldSetUse(subgraph, "key", owner, None, owner.name, applied)
        for field in owner.fields.values():
            if "requires" in directives:
                for applied in field.marks.all("requires"):
                    yield FieldSetUse(subgraph, "requires", owner, field, owner.name, applied)
            if "provides" in directives:
                for applied in field.marks.all("provides"):
                    yield FieldSetUse(subgraph, "provides", owner, field, named_type(field.type), applied)
