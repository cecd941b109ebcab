"""UNUSED_ENUM_TYPE: an enum that nothing takes or answers with."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged, MergedEnum
from gateway.composition.result import Hint
from gateway.composition.wording import names


def check(merged: Merged) -> Iterator[Hint]:
    """Enums without a use merge as if they were read."""
    for one in merged.types.values():
        if isinstance(one, MergedEnum) and not one.is_input and not one.is_output:
            message = (
                f'Enum type "{one.name}" is defined but unused. It will be included in the supergraph with all the values'
                " appearing in any subgraph (as if it was only used as an output type)."
            )
            yield Hint("UNUSED_ENUM_TYPE", message, names(merged.gathered, one.sources))
