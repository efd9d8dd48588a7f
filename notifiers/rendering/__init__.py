"""Rendering: a letter, or several that go as one mail, becomes words: subject, plain text and HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from notifiers.overrides import NONE, Overrides
from notifiers.phrases import template
from notifiers.ports import Letter, Parcel
from notifiers.rendering.bundle import Bundle
from notifiers.rendering.letter import again, frame, titled


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A letter in words."""

    subject: str
    text: str
    html: str


def subject(letter: Letter | Parcel, overrides: Overrides = NONE) -> str:
    """The subject of the letter, without the rest of it."""
    if letter.conversation is not None:
        return again(letter.conversation)
    if isinstance(letter, Letter):
        return titled(letter, overrides)[0]
    return Bundle(letter, overrides).subject()


def rendered(letter: Letter | Parcel, overrides: Overrides = NONE) -> Rendered:
    """The whole letter in words: those of `overrides`, where it has any, and else those that are built in."""
    framed = _framed(letter, overrides)
    return Rendered(
        subject=framed["subject"],
        text=template("letter.txt.j2").render(framed),
        html=template("letter.html.j2").render(framed),
    )


def _framed(letter: Letter | Parcel, overrides: Overrides) -> dict[str, Any]:
    if isinstance(letter, Letter):
        return frame(letter, overrides)
    return Bundle(letter, overrides).frame()
