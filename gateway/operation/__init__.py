"""Stage "parse" of a request: document text → an operation that is within the limits and valid for this client's schema.

`read_operation(schema, text, name, limits)` raises `RequestRefused`; `read_variables(schema, operation, given)` likewise.
"""

from gateway.operation.cache import Cache
from gateway.operation.document import Operation, read_operation
from gateway.operation.errors import RequestRefused
from gateway.operation.limits import Limits
from gateway.operation.variables import Variables, read_variables

__all__ = ["Cache", "Limits", "Operation", "RequestRefused", "Variables", "read_operation", "read_variables"]
