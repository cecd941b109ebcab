"""Translation: the rows of one event become records, or faults.

In: a `Bundle` (an event's rows). Out: `Translated` (an event with its persons, vehicles and documents) or the list of its
faults.
"""

from ingest.translation.bundle import Bundle, Placed
from ingest.translation.event import Translated, Translator
from ingest.translation.parts import Thing

__all__ = ["Bundle", "Placed", "Thing", "Translated", "Translator"]
