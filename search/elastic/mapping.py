"""How a document lies in Elasticsearch.

What comes in: a document. What goes out: the index's settings and mappings, and the source of a document. Keys are made by
`search.keys`, so the index analyses nothing: every field is a keyword, a number or a point, and no plug-in is needed.
"""

from __future__ import annotations

from typing import Any, Final

from search.document import SearchDocument, body_of, digest_of
from search.index import TYPE_FACET
from search.keys import identifiers_of, keys_of
from search.kinds import SearchedType

REMOVED: Final = "-"
"""The type of what was taken out: the version stays, so that nothing older comes back."""

POSITION: Final = "="
"""The type of the documents that say how far the index is."""

SETTINGS: Final[dict[str, Any]] = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
_KEYWORD: Final = {"type": "keyword"}
MAPPINGS: Final[dict[str, Any]] = {
    "dynamic": False,
    "date_detection": False,
    "properties": {
        "type": _KEYWORD,
        "id": _KEYWORD,
        "digest": {"type": "keyword", "index": False},
        "body": {"type": "keyword", "index": False, "doc_values": False},
        "position": {"type": "long", "index": False},
        "keys": {"type": "keyword", "doc_values": False},
        "identifiers": {"type": "keyword", "doc_values": False},
        "at": {"type": "long"},
        "point": {"type": "geo_point"},
        "lat": {"type": "double"},
        "lon": {"type": "double"},
        "facets": {"type": "object", "dynamic": True},
        "rows": {"type": "object", "dynamic": True},
    },
    "dynamic_templates": [
        {"texts": {"match_mapping_type": "string", "mapping": _KEYWORD}},
        {"numbers": {"match_mapping_type": "long", "mapping": {"type": "double"}}},
    ],
}


def facet_path(name: str) -> str:
    """Where the values of a facet lie."""
    return f"facets.{name.replace('.', '_')}"


def row_path(type_name: str, attribute: str) -> str:
    """Where an attribute of row rules lies; each type has its own, so that none meets another's kind of value."""
    return f"rows.{type_name}_{attribute}"


def source_of(document: SearchDocument, searched: SearchedType) -> dict[str, Any]:
    """The document as it is sent."""
    body = body_of(document)
    facets = {**document.facets, TYPE_FACET: (document.type,)}
    return {
        "type": document.type,
        "id": document.id,
        "digest": digest_of(body),
        "body": body.decode(),
        "keys": sorted(keys_of(document, searched)),
        "identifiers": [f"{code}:{value}" for code, value in identifiers_of(document, searched)],
        "at": document.at,
        "point": None if document.lat is None or document.lon is None else {"lat": document.lat, "lon": document.lon},
        "lat": document.lat,
        "lon": document.lon,
        "facets": {name.replace(".", "_"): list(values) for name, values in facets.items()},
        "rows": {f"{document.type}_{name}": value for name, value in document.rows.items()},
    }
