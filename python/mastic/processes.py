"""System calls that Python's library has no name for."""

from __future__ import annotations

import ctypes
import os
import signal
import time

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(expected_parent: int) -> None:
    """Has the kernel kill this process as soon as its parent is gone; leaves at once if it is gone already."""
    if _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != expected_parent:
        os._exit(1)


def wait_until_adopted(first_parent: int) -> None:
    """Waits until the process that forked this one has ended, so that the parent is the one that stays."""
    while os.getppid() == first_parent:
        time.sleep(0)
