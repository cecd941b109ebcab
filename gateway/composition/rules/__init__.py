"""The rules subgraphs must keep together, one file per rule, in the order their errors are told.

`RULES_BEFORE_MERGING` see the subgraphs side by side; what they refuse cannot be merged. `RULES` see the merged supergraph
with its sources. Satisfiability comes last and only for what all rules accept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gateway.composition.gathered import Gathered
from gateway.composition.merged import Merged
from gateway.composition.result import CompositionError
from gateway.composition.rules import (
    contextual_arguments,
    default_mismatch,
    directive_composition,
    empty_merged_input_type,
    enum_values,
    extension_with_no_base,
    external_missing_on_base,
    externals,
    field_argument_type_mismatch,
    field_type_mismatch,
    inaccessible,
    interface_implementation,
    interface_key_missing_implementation_type,
    interface_object_usage,
    invalid_field_sharing,
    link_import_name_mismatch,
    list_size_arguments,
    no_queries,
    override_source_has_override,
    required_missing,
    shareable_runtime_types,
    subgraph_names,
    transitive_rights,
    type_kind_mismatch,
)

RULES_BEFORE_MERGING: tuple[Callable[[Gathered], Iterator[CompositionError]], ...] = (
    subgraph_names.check,
    no_queries.check,
    type_kind_mismatch.check,
    link_import_name_mismatch.check,
    interface_object_usage.check,
    directive_composition.check,
)

HARMLESS_TO_QUERIES = frozenset({"INVALID_FIELD_SHARING", "EXTERNAL_ARGUMENT_MISSING", "EXTERNAL_MISSING_ON_BASE"})
"""Errors after which it is still worth knowing whether the subgraphs can answer every query: each field stays where it is."""

RULES: tuple[Callable[[Merged], Iterator[CompositionError]], ...] = (
    interface_implementation.check,
    interface_key_missing_implementation_type.check,
    extension_with_no_base.check,
    field_type_mismatch.check,
    field_argument_type_mismatch.check,
    default_mismatch.check,
    enum_values.check,
    empty_merged_input_type.check,
    required_missing.check,
    externals.check,
    external_missing_on_base.check,
    override_source_has_override.check,
    invalid_field_sharing.check,
    shareable_runtime_types.check,
    inaccessible.check,
    list_size_arguments.check,
    contextual_arguments.check,
    transitive_rights.check,
)
