"""Keep Python's garbage collector from walking through all that a service has in memory, over and over."""

import gc

OFTEN = (10_000, 20, 100)
"""New objects before a collection, and collections before older ones are looked at: an article makes some 5,000, none
of them in a ring. By the usual (700, 10, 10) a tenth of what following costs went there, at 20,000 remembered."""


def spare() -> None:
    """Leave alone all that there is by now, and collect what comes more rarely."""
    gc.freeze()
    gc.set_threshold(*OFTEN)
