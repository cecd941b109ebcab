"""Ingest: events come in from other systems' journals, by a declarative mapping, or go to the quarantine.

In: journals (CSV or JSON Lines, also compressed) and a mapping document. Out: records in the registers, a `Report`, entries
in the quarantine of the `Ledger`.
"""

from ingest.importing import import_journals
from ingest.ledger import Correction, Entry, EntryKind, EntryState, Ledger
from ingest.mapping import Mapping, load_mapping, read_mapping, shipped
from ingest.registers import Importer, Registers
from ingest.replaying import Replayed, replay
from ingest.report import Progress, Report

__all__ = [
    "Correction",
    "Entry",
    "EntryKind",
    "EntryState",
    "Importer",
    "Ledger",
    "Mapping",
    "Progress",
    "Registers",
    "Replayed",
    "Report",
    "import_journals",
    "load_mapping",
    "read_mapping",
    "replay",
    "shipped",
]
