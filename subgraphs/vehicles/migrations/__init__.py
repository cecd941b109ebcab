"""How the tables of the room of vehicles came to be, step by step (docs/migrations.md)."""
