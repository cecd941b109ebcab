"""Who a person is: the named are matched to the register, records of one person merged and split (docs/person_identity.md)."""
