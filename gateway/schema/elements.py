"""Everything in a subgraph that can carry directives, with its schema coordinate."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.subgraph import CompositeType, EnumType, InputObjectType, Marks, Subgraph, Type


def elements(subgraph: Subgraph) -> Iterator[tuple[str, Marks]]:
    """(coordinate, marks) of the schema, every type, field, argument, input field, enum value and directive argument."""
    yield "schema", subgraph.schema_marks
    for one in subgraph.types.values():
        yield one.name, one.marks
        yield from _inside(one)
    for directive in subgraph.directives.values():
        for argument in directive.arguments.values():
            yield f"@{directive.name}({argument.name}:)", argument.marks


def _inside(one: Type) -> Iterator[tuple[str, Marks]]:
    match one:
        case CompositeType():
            for field in one.fields.values():
                yield f"{one.name}.{field.name}", field.marks
                for argument in field.arguments.values():
                    yield f"{one.name}.{field.name}({argument.name}:)", argument.marks
        case InputObjectType():
            for input_field in one.fields.values():
                yield f"{one.name}.{input_field.name}", input_field.marks
        case EnumType():
            for value in one.values.values():
                yield f"{one.name}.{value.name}", value.marks
