"""What the HTML of a mail holds and nobody sees: nobody can be held to figures in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_ZERO = r"0(?:\.0{1,4})?(?:px|pt|em|rem|%)?\s{0,3}(?:;|!|$)"
_HIDDEN = re.compile(
    r"(?:^|;)\s{0,9}(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}(?:hidden|collapse)|"
    rf"mso-hide\s{{0,3}}:\s{{0,3}}all|opacity\s{{0,3}}:\s{{0,3}}{_ZERO}|"
    r"(?:left|top|text-indent|margin-left)\s{0,3}:\s{0,3}-\d{4,6}px)",
    re.IGNORECASE,
)
_NO_ROOM = re.compile(rf"(?:^|;)\s{{0,9}}(?:max-)?(?:height|width)\s{{0,3}}:\s{{0,3}}{_ZERO}", re.IGNORECASE)
_CUT = re.compile(r"overflow\s{0,3}:\s{0,3}hidden", re.IGNORECASE)
_NO_SIZE = re.compile(rf"(?:^|;)\s{{0,9}}font-size\s{{0,3}}:\s{{0,3}}{_ZERO}", re.IGNORECASE)
_LONGEST = 2_000


def is_unseen(element: HtmlElement) -> bool:
    """Whether the element's own style keeps it from being seen; its parents' styles are its parents' matter.

    Letters of no size do not count when something inside gives them a size again. What style sheets say is
    left alone: most of what they hide, they hide on small screens only.
    """
    if element.get("hidden") is not None:
        return True
    style = (element.get("style") or "")[:_LONGEST]
    if not style:
        return False
    if _HIDDEN.search(style) or (_NO_ROOM.search(style) and _CUT.search(style)):
        return True
    return _NO_SIZE.search(style) is not None and not any(
        "font-size" in (one.get("style") or "") for one in element.iterdescendants()
    )
