"""Which log, and whose keys: the options that the verbs of `saite audit` share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from authz.audit import HeadKeys, Location
    from saite.folder import DataFolder

LogOption = Annotated[
    str | None,
    typer.Option(
        "--log",
        metavar="FILE|URL",
        envvar="SAITE_AUDIT_LOG",
        help="The log: a file, or `postgresql://…`. Without it, the one in the data folder.",
    ),
]
KeysOption = Annotated[
    Path | None,
    typer.Option("--keys", metavar="JWKS", help="The log's public keys. Without it, those in the data folder."),
]


def location_of(log: str | None, folder: DataFolder) -> Location:
    """Where the log is."""
    if log is None:
        return folder.audit
    return log if "://" in log else Path(log)


def keys_of(file: Path | None, folder: DataFolder) -> HeadKeys | None:
    """The public keys to check heads with; None when there are none."""
    from authz.audit import HeadKeys

    return HeadKeys.of_folder(folder.keys) if file is None else HeadKeys.of_file(file)
