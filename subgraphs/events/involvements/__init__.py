"""The part that persons, vehicles, documents and items have in events."""
