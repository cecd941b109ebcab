"""The index in SQLite with FTS5: what the embedded mode searches in."""

from search.fts5.index import Fts5Index

__all__ = ["Fts5Index"]
