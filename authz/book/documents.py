"""Where contract documents come from: a folder of files, or the store that several machines share."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from authz.book.store import ContractStore


@dataclass(frozen=True, slots=True)
class Document:
    """One document: `name` is what findings call it, `changed_at` since when it says this. `text` is None when it cannot be
    read.
    """

    name: str
    text: str | None
    changed_at: datetime


class Documents(Protocol):
    """Raises OSError or StoreUnavailable when the place cannot be reached."""

    def stamp(self) -> object:
        """Changes when a document may have changed; cheap."""

    def read(self) -> tuple[Document, ...]:
        """All documents, by name."""


class FolderDocuments:
    """The `*.yaml` files of a folder. The stamp is made of names, sizes, inodes and times of change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def stamp(self) -> object:
        return tuple((path.name, found.st_size, found.st_ino, found.st_mtime_ns) for path, found in self._files())

    def _files(self) -> list[tuple[Path, os.stat_result]]:
        found = []
        for path in sorted(self.folder.iterdir()):
            if path.suffix != ".yaml" or path.name.startswith("."):
                continue
            try:
                found.append((path, path.stat()))
            except FileNotFoundError:
                continue  # gone between listing and looking
        return found

    def read(self) -> tuple[Document, ...]:
        read = []
        for path, found in self._files():
            try:
                text: str | None = path.read_text(encoding="utf-8")
            except FileNotFoundError:
                continue
            except (OSError, UnicodeDecodeError):
                text = None
            read.append(Document(str(path), text, datetime.fromtimestamp(found.st_mtime, UTC)))
        return tuple(read)


class StoredDocuments:
    """The documents that were published to the store."""

    def __init__(self, store: ContractStore) -> None:
        self._store = store

    def stamp(self) -> object:
        return self._store.number()

    def read(self) -> tuple[Document, ...]:
        return tuple(Document(found.name, found.text, found.at) for found in self._store.documents())
