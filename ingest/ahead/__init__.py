"""Ahead: the first half of an import in a process of its own, while this one writes. The way in is `process.prepare_ahead`."""
