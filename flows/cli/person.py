"""Who sits at this terminal, for the record of what people decide."""

from __future__ import annotations

import os
import pwd

_LONGEST = 80


def who() -> str:
    """The user of the operating system, and whom that user came from with sudo."""
    uid = os.getuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:  # a container whose users have no names
        name = f"uid {uid}"
    before = os.environ.get("SUDO_USER")
    told = f"{before} ({name})" if before and before != name else name
    return told[:_LONGEST]
