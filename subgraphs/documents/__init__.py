"""The room of documents: the register of identity documents and of the facts that change their status, as a subgraph."""
