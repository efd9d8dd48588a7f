"""How a line to another server is protected, and whom its certificate is believed from."""

from __future__ import annotations

import ssl
from enum import StrEnum


class Tls(StrEnum):
    """How the line is protected."""

    NONE = "none"
    STARTTLS = "starttls"  # plain at first, then encrypted or not used at all (port 587)
    TLS = "tls"  # encrypted from the first byte (port 465)


def verifying(certificates: str | None) -> ssl.SSLContext:
    """A context that believes the system's authorities, and those of a PEM file. Raises OSError."""
    context = ssl.create_default_context()
    if certificates is not None:
        context.load_verify_locations(cafile=certificates)
    return context
