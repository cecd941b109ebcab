"""Values: what a mapping says about one value, as a function from a row.

In: a `Value` of the mapping document, the places of the columns, the kind of field it is for. Out: a reader that returns the
value, None for nothing, or raises `Refused`.
"""

from ingest.values.compile import compile_value
from ingest.values.leaf import TEXT, Leaf
from ingest.values.reader import Places, Reader, Row, Seen

__all__ = ["TEXT", "Leaf", "Places", "Reader", "Row", "Seen", "compile_value"]
