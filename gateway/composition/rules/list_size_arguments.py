"""LIST_SIZE_INVALID_SLICING_ARGUMENT: at least one slicing argument survives merging."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged
from gateway.composition.result import CompositionError
from gateway.composition.wording import names


def check(merged: Merged) -> Iterator[CompositionError]:
    """A merged @listSize keeps an argument that all subgraphs of the field have."""
    for one in merged.composites():
        for field in one.fields.values():
            asked = any(
                source.marks.list_size and source.marks.list_size.slicing_arguments for source in field.sources.values()
            )
            if asked and field.marks.list_size is not None and not field.marks.list_size.slicing_arguments:
                message = (
                    f'All arguments for @listSize(slicingArguments:) on field "{one.name}.{field.name}" were disregarded.'
                    " For an argument to be valid, it must be defined in every subgraph where the field exists."
                )
                yield CompositionError("LIST_SIZE_INVALID_SLICING_ARGUMENT", message, names(merged.gathered, field.sources))
