"""Ingest: events come in from other systems' journals, by a declarative mapping, or go to the quarantine."""
