"""Hints: what composes, but an author may want to know; one file per concern, in the order they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gateway.composition.hints import (
    compatible_types,
    contextual_arguments,
    defaults,
    descriptions,
    directives,
    entities,
    merged_arguments,
    overrides,
    presence,
    runtime_types,
    unused_enums,
    upgraded_versions,
)
from gateway.composition.merged import Merged
from gateway.composition.result import Hint

HINTS: tuple[Callable[[Merged], Iterator[Hint]], ...] = (
    compatible_types.check,
    entities.check,
    presence.check,
    defaults.check,
    descriptions.check,
    overrides.check,
    unused_enums.check,
    directives.check,
    merged_arguments.check,
    runtime_types.check,
    contextual_arguments.check,
    upgraded_versions.check,
)


def hints(merged: Merged) -> tuple[Hint, ...]:
    """Every hint about the merged supergraph, each once."""
    return tuple(dict.fromkeys(found for one in HINTS for found in one(merged)))
