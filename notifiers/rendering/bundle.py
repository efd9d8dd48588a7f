"""Several letters as one mail: a common opening, and a numbered section for each report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from notifiers import wording
from notifiers.address import token
from notifiers.fields import ANSWERS, Value, letter_fields
from notifiers.overrides import Overrides
from notifiers.phrases import Phrases
from notifiers.ports import LetterKind, Parcel, Section
from notifiers.rendering.facts import MAY_BE_COMMON, rows
from notifiers.rendering.form import ASKS_FOR_FORM
from notifiers.rendering.letter import again, envelope, told_section, worded

_ANSWERS = frozenset(
    (
        LetterKind.ACCEPTED,
        LetterKind.PARTLY,
        LetterKind.REFUSED,
        LetterKind.CLOSED,
        LetterKind.WITHDRAWN,
    )
)
_MOST_UNCLEAR = 8

_T = TypeVar("_T")


class Bundle:
    """Several letters as one mail: a common opening, a numbered section for each report."""

    def __init__(self, parcel: Parcel, overrides: Overrides) -> None:
        self._parcel = parcel
        self._overrides = overrides
        first = parcel.first
        _, self._shared, _ = worded(first)
        self._bundle = Phrases(f"{first.language}/bundle.j2", {"letter": first})
        own = Phrases(f"{first.language}/{parcel.kind}.j2", {"letter": first})
        letters = [one.letter for one in parcel.sections]
        known = {
            "document": wording.document(first.plan_number, first.language),
            "token": token(parcel.reply_to),
            "lead": " ".join(own("lead").split()),
            # what is said of all must be true of each
            "cycle": _common(one.cycle_name for one in letters) or "",
            "steps": _common(one.steps for one in letters) or 1,
            "numbers": list(dict.fromkeys(one.plan_number for one in letters)),
            "count": len(parcel.sections),
            "kind": str(parcel.kind),
            "correction": any(one.answered and one.letter.correction for one in parcel.sections),
        }
        self._shared.add(**known)
        self._bundle.add(**known)
        kinds = {one.letter.kind if one.answered else None for one in parcel.sections}
        if parcel.kind in _ANSWERS and kinds != {parcel.kind}:
            self._shared.add(lead=self._bundle("mixed"))

    def subject(self) -> str:
        """The subject of the mail."""
        if self._parcel.conversation is not None:
            return again(self._parcel.conversation)
        own = self._said()
        if own is not None:
            self._shared.add(said=own, token=token(self._parcel.reply_to))
            return " ".join(self._shared("subject_said").split())
        return " ".join(self._bundle("subject").split())

    def frame(self) -> dict[str, Any]:
        """What the templates of the whole mail need to know."""
        parcel, bundle = self._parcel, self._bundle
        asks = any(one.answered and one.letter.kind in ASKS_FOR_FORM for one in parcel.sections)
        told = [rows(one.letter, worded(one.letter)[1]) for one in parcel.sections]
        common = [row for row in told[0] if row[0] in MAY_BE_COMMON and all(row in other for other in told)]
        return {
            **envelope(parcel.first, self._shared),
            **({"lead": said} if parcel.conversation is not None and (said := self._said()) else {}),
            "subject": self.subject(),
            "opening": [
                *self._shared.paragraphs("redirected"),
                *(self._own("opening") or bundle.paragraphs("opening")),
            ],
            "facts": [(name, value) for _, name, value in common],
            "sections": [
                self._section(place, section, [row for row in own if row not in common])
                for place, (section, own) in enumerate(zip(parcel.sections, told, strict=True), start=1)
            ],
            "asking": bundle.paragraphs("how" if asks else "correct"),
            "unclear": [wording.shortened(line, 120) for line in parcel.unclear[:_MOST_UNCLEAR]],
            "closing": self._own("closing") or bundle.paragraphs("closing"),
        }

    @property
    def _name(self) -> str:
        """What an override for such a mail is called: "requests"."""
        return ANSWERS if self._parcel.kind in _ANSWERS else f"{self._parcel.kind}s"

    def _said(self) -> str | None:
        return self._overrides.subject(self._parcel.first, self._name, **self._variables())

    def _own(self, section: str) -> list[str] | None:
        return self._overrides.paragraphs(self._parcel.first, self._name, section, **self._variables())

    def _variables(self) -> dict[str, Value]:
        """What an override may say besides, and what it must not say of all when it is true of one."""
        letters = [one.letter for one in self._parcel.sections]
        each = [letter_fields(one) for one in letters]
        listed = {
            name: "; ".join(dict.fromkeys(str(one[name]) for one in each))
            for name in ("document", "plan_number", "plan_title", "task", "report_to", "via")
        }
        differing = {
            name: "" for name in each[0] if name not in listed and _common(one[name] for one in each) is None
        }
        return {**listed, **differing, "count": len(letters)}

    def _section(self, place: int, section: Section, facts: list[tuple[str, str, str]]) -> dict[str, Any]:
        letter = section.letter
        _, shared, own = worded(letter)
        self._bundle.add(letter=letter, place=place)
        told = told_section(letter, shared, own)
        told["asking"] = []
        told["heading"] = self._bundle("heading")
        if self._parcel.kind not in _ANSWERS:
            told["facts"] = [(name, value) for key, name, value in facts if key != "task"]
        else:
            kind = letter.kind.value if section.answered else "not_answered"
            told["standing"] = self._bundle(f"standing_{kind}")
        if not section.answered:
            told |= {"recorded": [], "problems": [], "fields": []}
        elif letter.form is None and letter.kind in ASKS_FOR_FORM:
            told["fields"] = [{"line": self._bundle("free_text") + " ", "help": None}]
        return told


def _common(values: Iterable[_T]) -> _T | None:
    """The value that all have; None where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else None
