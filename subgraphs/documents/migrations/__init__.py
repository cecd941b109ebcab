"""How the tables of the room of documents came to be, step by step (docs/migrations.md)."""
