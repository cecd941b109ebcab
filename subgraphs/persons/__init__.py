"""The room of persons: the register of natural persons (Fizisko personu reģistrs) as a subgraph."""
