"""The command `saite` and the one place where all parts are wired together (`embedded`)."""
