"""The room of vehicles: the register of vehicles and their holders as a subgraph."""
