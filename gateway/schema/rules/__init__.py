"""The rules one subgraph must keep by itself, one file per rule, in the order their problems are told.

`LINK_RULES` look at one @link each, before anything else is read. `RULES` look at the whole subgraph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gateway.schema.links import Link
from gateway.schema.problems import Problem
from gateway.schema.rules import (
    auth_on_interface,
    composed_directives,
    contexts,
    cost_on_interface_field,
    directive_definition_invalid,
    directive_in_fields,
    external_collision,
    external_on_interface,
    external_unused,
    fields_has_args,
    fields_missing_external,
    inaccessible_roots,
    interface_key_not_on_implementation,
    interface_object_without_key,
    invalid_fields,
    invalid_fields_type,
    invalid_graphql,
    invalid_shareable_usage,
    key_fields_select_invalid_type,
    known_link_versions,
    list_sizes,
    merged_directive_on_external,
    only_unused_external,
    overrides,
    provides_on_non_object_field,
    root_types_used,
    subgraph_name,
    type_definition_invalid,
    unsupported_contexts,
    unsupported_linked_feature,
    unsupported_on_interface,
)
from gateway.schema.subgraph import Subgraph

LINK_RULES: tuple[Callable[[Link], Iterator[Problem]], ...] = (known_link_versions.check, unsupported_linked_feature.check)

RULES: tuple[Callable[[Subgraph], Iterator[Problem]], ...] = (
    subgraph_name.check,
    directive_definition_invalid.check,
    type_definition_invalid.check,
    root_types_used.check,
    invalid_graphql.check,
    composed_directives.check,
    unsupported_on_interface.check,
    invalid_fields_type.check,
    invalid_fields.check,
    directive_in_fields.check,
    fields_has_args.check,
    fields_missing_external.check,
    key_fields_select_invalid_type.check,
    provides_on_non_object_field.check,
    interface_object_without_key.check,
    interface_key_not_on_implementation.check,
    external_on_interface.check,
    external_unused.check,
    only_unused_external.check,
    external_collision.check,
    merged_directive_on_external.check,
    invalid_shareable_usage.check,
    overrides.check,
    auth_on_interface.check,
    inaccessible_roots.check,
    cost_on_interface_field.check,
    list_sizes.check,
    contexts.check,
    unsupported_contexts.check,
)
