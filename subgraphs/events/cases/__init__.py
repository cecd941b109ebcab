"""Cases: what joins events and decisions over agencies, and the time line of who did what (docs/cases.md)."""
