"""Audit: every consultation and change is recorded, durably and in a chain of hashes, before it is answered."""

from authz.audit.entity_marks import EntitySeal
from authz.audit.entry import (
    AuditEntry,
    ContractReference,
    Fetch,
    Kind,
    Official,
    Operation,
    Status,
    WithheldField,
    kind_of_reading,
)
from authz.audit.errors import AuditUnavailable, UnreadableLog, Unrecordable, UnrecordableVariables
from authz.audit.heads import LogHeads
from authz.audit.log import AuditLog
from authz.audit.reader import find, tail
from authz.audit.record import AuditRecord, Head
from authz.audit.store import Location
from authz.audit.tree_heads import HeadKeys, HeadSigner, SignedHead
from authz.audit.variables import SealedVariables, VariableSeal
from authz.audit.verify import Broken, Verification, verify

__all__ = [
    "AuditEntry",
    "AuditLog",
    "AuditRecord",
    "AuditUnavailable",
    "Broken",
    "ContractReference",
    "EntitySeal",
    "Fetch",
    "Head",
    "HeadKeys",
    "HeadSigner",
    "Kind",
    "Location",
    "LogHeads",
    "Official",
    "Operation",
    "SealedVariables",
    "SignedHead",
    "Status",
    "UnreadableLog",
    "Unrecordable",
    "UnrecordableVariables",
    "VariableSeal",
    "Verification",
    "WithheldField",
    "find",
    "kind_of_reading",
    "tail",
    "verify",
]
