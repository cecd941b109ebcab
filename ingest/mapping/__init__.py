"""Mappings: documents that say how a journal's columns become events, persons and vehicles.

In: a YAML document in the language of `docs/import.md`. Out: `Mapping`, checked as far as it can be without a journal.
"""

from ingest.mapping.document import Mapping
from ingest.mapping.reader import load_mapping, read_mapping, shipped

__all__ = ["Mapping", "load_mapping", "read_mapping", "shipped"]
