"""Stage 6: data → bytes.

`render(raw, projection, mask)` fills the client's form with what was fetched: order, aliases and conditions of the client,
null propagation, coercion of leaves, errors in words that the client may read.
"""

from gateway.response.complete import ValueFilter
from gateway.response.introspection import introspect, introspection_fields
from gateway.response.masking import open_mask, protected_mask
from gateway.response.projection import Absence, Projection, Withheld
from gateway.response.render import Rendered, render

__all__ = [
    "Absence",
    "Projection",
    "Rendered",
    "ValueFilter",
    "Withheld",
    "introspect",
    "introspection_fields",
    "open_mask",
    "protected_mask",
    "render",
]
