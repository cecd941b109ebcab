"""The registered sources: which journal belongs to which agency, and who may send for it.

In: a document (YAML), kept by whoever runs the register. Out: `Sources`. A message never says whose it is: its source does, and
who may speak for a source stands here.

    sources:
      - id: pp-riga                       as messages name it
        agency: LV-PP-RIGA                whose events they become
        title: Journal of the municipal police of Rīga
        brokerUser: pp-riga               who sends over RabbitMQ; the broker checks it
        clients: [pp-riga-journal]        who sends over HTTPS: client ids of tokens of that agency; all of them when left out
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import msgspec
import yaml

from ingest.receiving.errors import BadSources
from subgraphs.room.code_lists import code_list

SOURCE_ID: Final = "^[a-z0-9][a-z0-9-]{1,62}$"


class Source(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """One source. Without `broker_user` nobody sends for it over RabbitMQ; `clients` None: every client of its agency."""

    id: Annotated[str, msgspec.Meta(pattern=SOURCE_ID)]
    agency: str
    title: str = ""
    broker_user: str | None = None
    clients: tuple[str, ...] | None = None

    @property
    def receipts(self) -> str:
        """The queue that its receipts go to."""
        return f"receipts.{self.id}"


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources by their ids."""

    by_id: Mapping[str, Source]

    def get(self, source_id: str) -> Source | None:
        """The source of this id, when it is registered."""
        return self.by_id.get(source_id)

    def __iter__(self) -> Iterator[Source]:
        return iter(self.by_id.values())


def read_sources(path: Path) -> Sources:
    """The sources that the document registers. Raises BadSources."""
    try:
        given = yaml.safe_load(path.read_text("utf-8"))
        found = msgspec.convert(given, _Document).sources
    except OSError as error:
        raise BadSources(f"{path} cannot be read ({error.strerror}).") from None
    except (yaml.YAMLError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise BadSources(f"{path} is not a document of sources: {error}.") from None
    return sources_of(*found, said=str(path))


def sources_of(*found: Source, said: str = "The document of sources") -> Sources:
    """These sources. Raises BadSources for one that is there twice or that no agency of the list has."""
    by_id: dict[str, Source] = {}
    for source in found:
        if source.id in by_id:
            raise BadSources(f"{said}: the source {source.id} is there twice.")
        if source.agency not in code_list("agency"):
            raise BadSources(
                f"{said}: the source {source.id} has the agency {source.agency!r}, which the list of agencies lacks."
            )
        by_id[source.id] = source
    return Sources(by_id)
