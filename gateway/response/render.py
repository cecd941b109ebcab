"""Stage 6: data → bytes.

In: `Raw`, the client's form (`Projection`), introspection results, the mask. Out: `Rendered`: the data in the client's
shape, the errors in the client's words, and which entities were seen, for the audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from gateway.execution.raw import Json, Raw, RawError
from gateway.response.filling import Filling
from gateway.response.masking import Mask
from gateway.response.projection import Projection
from gateway.response.visible import visible_errors

MAX_ERRORS: Final = 100

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Rendered:
    """An answer, still open for extensions. `data` is None when there is no `data` entry (the request itself failed).

    For the audit: `entities` names, per type, the ids of the entities that were seen, `fields` what of them and of other
    objects is shown (`Type.field`). `status` is the HTTP status that fits.
    """

    data: bytes | None
    errors: tuple[dict[str, Json], ...] = ()
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    status: int = 200
    fields: frozenset[str] = frozenset()

    def body(self, extensions: Mapping[str, Json] | None = None) -> bytes:
        """The bytes of the response."""
        parts = []
        if self.data is not None:
            parts.append(b'"data":' + self.data)
        if self.errors:
            parts.append(b'"errors":' + _encode(list(self.errors)))
        if extensions:
            parts.append(b'"extensions":' + _encode(dict(extensions)))
        return b"{" + b",".join(parts) + b"}"


def render(
    raw: Raw,
    projection: Projection,
    mask: Mask,
    *,
    introspected: Mapping[str, Json] | None = None,
    refused: Sequence[dict[str, Json]] = (),
) -> Rendered:
    """Render one execution. `refused` are ready error entries for what the contract withholds; they are never left out."""
    filling = Filling(raw.errors, introspected or {})
    data = projection.fill(raw.data, filling)
    errors: Iterable[RawError] = (*visible_errors(raw, projection), *filling.found)
    shown = [mask(error) for error in _first(errors, MAX_ERRORS)]
    return Rendered(_encode(data), (*shown, *refused), filling.entities(), fields=filling.fields())


def _first(errors: Iterable[RawError], limit: int) -> list[RawError]:
    """At most `limit` errors, and one more line that says how many were left out."""
    kept = list(errors)
    if len(kept) <= limit:
        return kept
    last = kept[limit - 1]
    rest = RawError(f"{len(kept) - limit + 1} further errors are not listed.", None, "TOO_MANY_ERRORS", "gateway", last.origin)
    return [*kept[: limit - 1], rest]
