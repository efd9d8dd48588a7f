"""The language of whoever sits at this terminal."""

from __future__ import annotations

import os

from schemas.findings import spoken_language

LANGUAGE = spoken_language(os.environ)
"""DONDOC_LANG, else LANG, else English."""


class Counted(int):
    """A number that knows its noun: `{n:mail|mails}` in a sentence becomes "1 mail" or "2 mails"."""

    def __format__(self, spec: str) -> str:
        """As an ordinary number, unless the specification gives a singular and a plural."""
        one, bar, many = spec.partition("|")
        if not bar:
            return super().__format__(spec)
        return f"{int(self)} {one if self == 1 else many}"


def counted(values: dict[str, object]) -> dict[str, object]:
    """The same values, whole numbers among them with their nouns."""
    return {key: Counted(one) if type(one) is int else one for key, one in values.items()}
