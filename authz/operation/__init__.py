"""Authorisation of one operation: document and mask in, what may run and what is withheld out. See `authorise`."""

from authz.operation.authorise import authorise, recheck
from authz.operation.exempt import exempt_of
from authz.operation.permit import Permit, VariableRights, Withheld

__all__ = ["Permit", "VariableRights", "Withheld", "authorise", "exempt_of", "recheck"]
