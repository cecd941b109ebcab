"""The ledger: what the import remembers between runs, in `ingest.sqlite3` of the data folder: runs and the quarantine.

In: what a run did and what it could not take. Out: where to go on, what waits for correction, what was corrected.
"""

from ingest.ledger.database import Ledger
from ingest.ledger.entry import Correction, Entry, EntryKind, EntryState
from ingest.ledger.runs import Run

__all__ = ["Correction", "Entry", "EntryKind", "EntryState", "Ledger", "Run"]
