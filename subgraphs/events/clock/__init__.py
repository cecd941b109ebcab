"""The response clock: how long the State Police may take to arrive, and whether it was in time."""

from subgraphs.events.clock.clock import Clock, clock_of, due_at, running_due
from subgraphs.events.clock.rules import Area, RuleTable, area_of, read_rules, rules

__all__ = ["Area", "Clock", "RuleTable", "area_of", "clock_of", "due_at", "read_rules", "rules", "running_due"]
