"""The contracts that are loaded, and how they follow their folder.

In: documents (a folder, or a store that several machines share). Out: a `ContractBook`, which never changes; a `BookFollower`
puts a new one in force when the documents change, and leaves the old one where the new one is broken.
"""

from authz.book.documents import Document, Documents, FolderDocuments, StoredDocuments
from authz.book.follower import BookFollower, Status
from authz.book.opening import open_store
from authz.book.snapshot import Books, ContractBook
from authz.book.store import ContractStore, ProcessState, Revocation, StoreUnavailable
from authz.book.store_sqlite import SqliteContracts

__all__ = [
    "BookFollower",
    "Books",
    "ContractBook",
    "ContractStore",
    "Document",
    "Documents",
    "FolderDocuments",
    "ProcessState",
    "Revocation",
    "SqliteContracts",
    "Status",
    "StoreUnavailable",
    "StoredDocuments",
    "open_store",
]
