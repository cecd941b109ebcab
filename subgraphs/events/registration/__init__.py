"""Registration: how events come into the register and change there, by mutations."""
