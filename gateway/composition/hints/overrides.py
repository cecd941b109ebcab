"""FROM_SUBGRAPH_DOES_NOT_EXIST, OVERRIDE_DIRECTIVE_CAN_BE_REMOVED, OVERRIDDEN_FIELD_CAN_BE_REMOVED,
OVERRIDE_MIGRATION_IN_PROGRESS: where the migration of a field stands."""

from __future__ import annotations

from collections.abc import Iterator

from graphql.pyutils import did_you_mean, suggestion_list

from gateway.composition.merged import JoinField, Merged, MergedComposite, MergedField
from gateway.composition.result import Hint
from gateway.composition.wording import names
from gateway.schema.subgraph import Override


def check(merged: Merged) -> Iterator[Hint]:
    """Every @override."""
    for one in merged.composites():
        for field in one.fields.values():
            for graph, source in field.sources.items():
                if source.override is not None and not _is_chained(merged, field, source.override):
                    yield _hint(merged, one, field, graph, source.override)


def _is_chained(merged: Merged, field: MergedField, override: Override) -> bool:
    """Whether the field is taken from a subgraph that takes it itself: an error, and no hint."""
    origin = merged.gathered.graph_of(override.source)
    return origin is not None and origin in field.sources and field.sources[origin].override is not None


def _hint(merged: Merged, one: MergedComposite, field: MergedField, graph: str, override: Override) -> Hint:
    coordinate, taker, giver = f"{one.name}.{field.name}", merged.graph_name(graph), override.source
    origin = merged.gathered.graph_of(giver)
    if origin is None:
        known = [other.name for other in merged.gathered.graphs.values() if other.name != taker]
        meant = did_you_mean(suggestion_list(giver, known))
        message = f'Source subgraph "{giver}" for field "{coordinate}" on subgraph "{taker}" does not exist.{meant}'
        return Hint("FROM_SUBGRAPH_DOES_NOT_EXIST", message, (taker,))
    involved = names(merged.gathered, [graph, origin])
    if origin not in field.sources or field.sources[origin].external:
        message = (
            f'Field "{coordinate}" on subgraph "{taker}" is not resolved by the from subgraph "{giver}" (any more).'
            " The @override directive can be removed."
        )
        return Hint("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", message, involved)
    if override.label is not None:
        message = (
            f'Field "{coordinate}" is currently being migrated with progressive @override. Once the migration is complete,'
            f' remove the field from subgraph "{giver}".'
        )
        return Hint("OVERRIDE_MIGRATION_IN_PROGRESS", message, involved)
    join = next((join for join in field.joins if join.graph == origin), JoinField())
    if join.external or join.used_overridden:
        message = (
            f'Field "{coordinate}" on subgraph "{giver}" is overridden. It is still used in some federation directive(s) (@key,'
            " @requires, and/or @provides) and/or to satisfy interface constraint(s), but consider marking it @external"
            " explicitly or removing it along with its references."
        )
    else:
        message = f'Field "{coordinate}" on subgraph "{giver}" is overridden. Consider removing it.'
    return Hint("OVERRIDDEN_FIELD_CAN_BE_REMOVED", message, involved)
