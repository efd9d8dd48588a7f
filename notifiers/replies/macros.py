"""Macros: whether a file of an office program carries programs that would run where it is opened."""

from __future__ import annotations

import io
import zipfile

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS = (".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm", ".potm", ".ppsm", ".ppam")
"""Files that are called so are made for macros, whatever is in them."""
_PARTS = ("vbaproject.bin", "vbadata.xml")
_SHEETS = "/macrosheets/"
"""Where workbooks keep the macros of the nineties, which still run."""
_STORAGE = ("_VBA_PROJECT".encode("utf-16-le"), "VBA_PROJECT_CUR".encode("utf-16-le"))
"""What documents of before 2007 call the place of their macros."""
_MOST_PARTS = 20_000


def holds_macros(name: str, content: bytes) -> bool:
    """Whether a file of that name is made for macros or holds some; never raises, and opens nothing."""
    if name.lower().endswith(_ENDINGS):
        return True
    if content.startswith(_OLE):
        return any(one in content for one in _STORAGE)
    if not content.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = [one.lower() for one in packed.namelist()[:_MOST_PARTS]]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError, RuntimeError):
        # what cannot be listed may still be opened by a program that is more forgiving
        return any(one.encode() in content.lower() for one in _PARTS)
    return any(one.endswith(_PARTS) or _SHEETS in f"/{one}" for one in parts)
