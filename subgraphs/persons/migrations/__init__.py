"""How the tables of the room of persons came to be, step by step (docs/migrations.md)."""
