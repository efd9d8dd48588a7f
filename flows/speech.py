"""The language of whoever sits at this terminal."""

from __future__ import annotations

import os

from schemas.findings import spoken_language

LANGUAGE = spoken_language(os.environ)
"""DONDOC_LANG, else LANG, else English."""
