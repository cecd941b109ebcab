"""How the tables of the room of events came to be, step by step (docs/migrations.md)."""
