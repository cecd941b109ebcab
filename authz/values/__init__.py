"""Values shown in part: what a contract's `masks` do to a value, and what may come of it.

In: a value of a register, the contract's rule, and for hashes its key. Out: the value as the contract shows it. The room masks,
as it alone sees the value; the gateway only looks whether what came can be the result of the mask.
"""

from authz.values.keys import MaskKeys
from authz.values.mask import ValueMask
from authz.values.places import grid_line, municipality

__all__ = ["MaskKeys", "ValueMask", "grid_line", "municipality"]
