"""What changed in the registers, told to whoever follows: one change as a CloudEvent, and the ways it travels."""
