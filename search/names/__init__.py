"""How people spell names: pure functions and data, of Latvian names and of Russian ones in Latvia.

What comes in: words of names in any spelling. What goes out: `spelled`, the keys to look for them by, and `likeness`, how alike
two are. `docs/search.md` tells the whole.
"""

from search.names.folding import Word, fold, words_of
from search.names.likeness import likeness
from search.names.spelling import Level, Spelled, spelled

__all__ = ["Level", "Spelled", "Word", "fold", "likeness", "spelled", "words_of"]
