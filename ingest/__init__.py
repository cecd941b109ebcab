"""Ingest: events come in from other systems' journals, by a declarative mapping, or go to the quarantine.

In: journals (CSV or JSON Lines, also compressed) and a mapping document. Out: records in the registers, a `Report`, entries
in the quarantine of the `Ledger`. The ways in: `ingest.importing.import_journals` and `ingest.replaying.replay`.

Nothing is imported here: the process that prepares an import needs one half of the package, and should start quickly.
"""
