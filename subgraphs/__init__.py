"""The rooms: one GraphQL subgraph for each register, all built alike, and `room`, what they share."""
