"""`saite scan`: scans of documents, put in by an operator."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.output import DEFAULT_DATA, DataOption, Format, FormatOption, StoreOption, clear_errors, print_json, stop

if TYPE_CHECKING:
    from subgraphs.documents.model import Scan

app = typer.Typer(
    no_args_is_help=True, help="Scans of documents: their bytes lie beside the register, and are given out by contract."
)

_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}


class Kind(StrEnum):
    """What the scan shows."""

    WHOLE = "whole"
    DATA_PAGE = "data-page"
    ATTACHMENT = "attachment"


@app.command("add")
@clear_errors
def add_(
    document: Annotated[str, typer.Argument(help="The document's id, doc_….")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="PDF, JPEG, PNG or TIFF, up to 32 MiB.")],
    kind: Annotated[Kind, typer.Option(help="What the scan shows.")] = Kind.WHOLE,
    store: StoreOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Keep a file as a scan of a document. The document gets a new version that names it.

    Do it while nobody else changes this document: the last one to write it decides which scans it has.

    Example: `saite scan add doc_0192f0c1d2e37abc8def0123456789ab passport.pdf --kind data-page`
    """
    from saite.registers import stores_named

    media_type = _TYPES.get(file.suffix.lower())
    if media_type is None:
        stop(f"{file.name} has none of the endings {', '.join(_TYPES)}: name the file by what it is.")
    scan = asyncio.run(_add(data, stores_named(store or []), document, file, media_type, kind))
    if format_ is Format.JSON:
        print_json({"id": scan.id, "mediaType": scan.media_type, "bytes": scan.bytes, "sha256": scan.sha256})
    else:
        typer.echo(f"{scan.id}: {scan.bytes} bytes of {scan.media_type}")


async def _add(data: Path, named: dict[str, str], document: str, file: Path, media_type: str, kind: Kind) -> Scan:
    from kernel.clock import SystemClock
    from saite.folder import DataFolder
    from saite.registers import open_one
    from saite.scanning import add, scans_of
    from subgraphs.documents.enumerations import ScanKind

    folder = DataFolder(data)
    folder.prepare()
    async with open_one(folder, "documents", named) as store:
        return await add(store, scans_of(folder, store), SystemClock(), document, file, media_type, ScanKind[kind.name])
