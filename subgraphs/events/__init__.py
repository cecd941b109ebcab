"""The room of events: the unified event register (vienotais notikumu reģistrs) as a subgraph."""
