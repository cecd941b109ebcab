"""A message: one registration or one change of an event, as a journal or 112 sends it.

In: JSON. Out: `Message`, or everything that is wrong with it. The envelope says who sends which message about which of its
events, and in which order; the body says the rest in the words of registration (`bodies`).
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Final, Union

import msgspec

from ingest.receiving.bodies import KINDS, Moment, body_of

MAX_BYTES: Final = 262_144
"""A message is at most so long."""

_ID: Final = msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]{1,62}$", description="The source, as it is registered.")
_MESSAGE_ID: Final = msgspec.Meta(
    pattern="^[A-Za-z0-9._:-]{8,128}$",
    description="The message's own id at its source. The same message again has the same id and the same content.",
)
_EVENT_NO: Final = msgspec.Meta(
    min_length=1, max_length=100, description="The event's number at its source, for ever the same."
)
_SEQ: Final = msgspec.Meta(
    ge=1, le=2**31 - 1, description="Counts the messages of one event, from 1 (its registration), without gaps."
)
_OFFICIAL: Final = msgspec.Meta(min_length=1, max_length=200, description="Who did it there; the source itself when left out.")


class Message(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """What every kind of message says beside its body."""

    source_id: Annotated[str, _ID]
    message_id: Annotated[str, _MESSAGE_ID]
    source_event_no: Annotated[str, _EVENT_NO]
    source_seq: Annotated[int, _SEQ]
    sent_at: Annotated[Moment, msgspec.Meta(description="When it was sent this time.")]
    official: Annotated[str, _OFFICIAL] | msgspec.UnsetType = msgspec.UNSET
    body: msgspec.Struct

    @property
    def kind(self) -> str:
        """The mutation of registration that it asks for."""
        return str(self.__struct_config__.tag)


def _struct_of(kind: str) -> type[Message]:
    name = kind[0].upper() + kind[1:] + "Message"
    described = (KINDS[kind].__strawberry_definition__.description or kind).split("\n")[0]  # type: ignore[attr-defined]  # strawberry's
    return msgspec.defstruct(  # type: ignore[return-value]  # it has the base
        name,
        [("body", body_of(kind))],
        bases=(Message,),
        namespace={"__doc__": described},
        tag_field="kind",
        tag=kind,
        frozen=True,
        kw_only=True,
        rename="camel",
        forbid_unknown_fields=True,
        omit_defaults=True,
    )


STRUCTS: Final = {kind: _struct_of(kind) for kind in KINDS}
"""By kind: the struct of its messages."""

UNION: Final[Any] = Union[tuple(STRUCTS.values())]  # noqa: UP007 - made at run time
"""Any message."""

_DECODER: Final = msgspec.json.Decoder(UNION)
_CANONICAL: Final = msgspec.json.Encoder(order="deterministic")


class Envelope(msgspec.Struct, frozen=True, rename="camel"):
    """As much as can be read of a message that is not right: enough to say whose it is."""

    source_id: str = ""
    message_id: str = ""


def decode(raw: bytes) -> Message:
    """The message. Raises msgspec.DecodeError or RecursionError for what is not one; `schema.faults_of` says all of it."""
    message: Message = _DECODER.decode(raw)
    return message


def envelope_of(raw: bytes) -> Envelope:
    """Whose message it is, as far as that can be read."""
    try:
        return msgspec.json.decode(raw, type=Envelope)
    except (msgspec.DecodeError, RecursionError):
        return Envelope()


def digest_of(message: Message) -> bytes:
    """SHA-256 of what the message says: the same however it is spelled, and whenever it was sent."""
    official = None if message.official is msgspec.UNSET else message.official
    said = (message.kind, message.source_event_no, message.source_seq, official, message.body)
    return hashlib.sha256(_CANONICAL.encode(said)).digest()
