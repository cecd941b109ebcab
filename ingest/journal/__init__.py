"""Journals: files of rows, read as a stream.

In: a path, its `Source`, the columns that are wanted. Out: `Line` after `Line`: a row of just these columns, or the fault
that it has.
"""

from ingest.journal.line import Line, Nested
from ingest.journal.open import Journal, assign, digest_of, read_lines, read_one

__all__ = ["Journal", "Line", "Nested", "assign", "digest_of", "read_lines", "read_one"]
