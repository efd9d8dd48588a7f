"""Macros: whether a file of an office program carries programs that would run where it is opened."""

from __future__ import annotations

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS = (".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm", ".potm", ".ppsm", ".ppam")
"""Files that are called so are made for macros, whatever is in them."""
_PARTS = (b"vbaproject.bin", b"macrosheets/")
"""Where documents keep their macros, those of the nineties too, which still run; names of parts stand in a
file as they are, whatever is compressed.
"""
_STORAGE = ("_VBA_PROJECT".encode("utf-16-le"), "VBA_PROJECT_CUR".encode("utf-16-le"))
"""What documents of before 2007 call the place of their macros."""


def holds_macros(name: str, content: bytes) -> bool:
    """Whether a file of that name is made for macros or holds some, also inside another; opens and unpacks
    nothing, so that no file can be made to keep it busy.
    """
    if name.lower().endswith(_ENDINGS):
        return True
    if content.startswith(_OLE):
        return any(one in content for one in _STORAGE)
    if not content.startswith(_ZIP):
        return False
    told = content.lower()
    return any(one in told for one in _PARTS)
