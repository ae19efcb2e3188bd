"""The collector of garbage, told what kind of process this is: much is read at the start and stays, little is left in rings."""

import ctypes
import gc
from contextlib import suppress

COLLECT = (20_000, 20, 50)  # allocations between two looks at the young, and how many of these before a look at the older


def collect_seldom() -> None:
    """Look through what is new less often than Python does by itself."""
    gc.set_threshold(*COLLECT)


def settle() -> None:
    """What was read at the start stays for good: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)  # what reading the content took and gave back goes back to the system
