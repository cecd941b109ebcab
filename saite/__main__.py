"""`python -m saite` is the command."""

from saite.cli.main import main

main()
