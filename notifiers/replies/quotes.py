"""Which lines a person wrote, and which are quote, signature or the client's: rules that cannot backtrack.

Every rule looks at one line, or at a fixed few after it; a text is read once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifiers.replies.folding import fold
from notifiers.replies.understood import Line, LinePart

_MARKS = re.compile(r"[ \t]{0,3}((?:>[ \t]?){1,30})")
_LOOK_AHEAD = 6
_MAX_LINE = 2000

_HEADER_NAMES = {
    "from": {"from", "tu", "nguoi gui", "gui tu"},
    "other": {
        "sent", "date", "to", "cc", "subject", "importance",
        "da gui", "ngay", "ngay gui", "thoi gian", "gui", "luc", "den", "toi", "nguoi nhan",
        "chu de", "tieu de",
        "dong kinh gui", "gui luc", "sent at",
    },
}  # fmt: skip
_SEPARATOR = re.compile(
    r"(?:original message|original appointment|forwarded message|begin forwarded message|reply message|"
    r"thu goc|tin nhan goc|thu ban dau|thu da chuyen tiep|tin nhan (?:da )?(?:duoc )?chuyen tiep|"
    r"thu (?:duoc )?chuyen tiep|noi dung thu goc|noi dung goc)"
)
_WROTE = ("wrote", "writes", "viet", "da viet")
_WROTE_STARTS = ("on ", "vao ", "ngay ", "luc ", "vao luc ", "trong ngay ")

_TIME = re.compile(r"\d{1,2}[:hg]\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\b(?:19|20)\d\d\b")

_CLOSINGS = frozenset(
    (
        "tran trong", "tran trong kinh chao", "tran trong cam on", "xin tran trong cam on",
        "tran trong bao cao",
        "kinh thu", "kinh chao", "than ai", "than men", "thay mat don vi", "best regards", "regards",
        "kind regards",
        "yours sincerely", "sincerely", "yours faithfully", "best", "many thanks", "thanks and regards",
        "thanks best regards", "warm regards", "xin cam on", "xin chan thanh cam on",
        "tran trong va kinh chao",
    )
)  # fmt: skip
_APP_LINE = re.compile(
    r"(?:sent from my |sent from (?:outlook|yahoo|mail for|samsung|galaxy|gmail)|get outlook for|"
    r"(?:da |duoc )?gui tu (?:iphone|ipad|dien thoai|outlook|ung dung|thiet bi|samsung|"
    r"galaxy|may|zalo|yahoo|gmail)|"
    r"tai outlook|tai ung dung outlook|da gui bang)"
)
_DISCLAIMER = re.compile(
    r"(?:this e ?mail (?:and|is|may|contains|message)|this message (?:and|is|may|contains)|"
    r"confidentiality notice|"
    r"disclaimer|mien tru trach nhiem|(?:thu dien tu|email|e mail|thong diep) nay (?:va|co the|chua|chi)|"
    r"luu y bao mat|thong bao bao mat)"
)


def read(text: str) -> list[tuple[int, str]]:
    """Lines of plain text with the depth that their quote marks (`>`) tell, marks removed."""
    lines = []
    for raw in text.split("\n"):
        line = raw[:_MAX_LINE].replace("\xa0", " ").replace("\u200b", "").replace("\ufeff", "").rstrip()
        marks = _MARKS.match(line)
        if marks:
            lines.append((marks[1].count(">"), line[marks.end() :].rstrip()))
        else:
            lines.append((0, line))
    return lines


def part(lines: Sequence[tuple[int, str]]) -> tuple[Line, ...]:
    """Say of each line what it belongs to; lines below a header block or separator count as quoted."""
    parted: list[Line] = []
    folded = [fold(text) if depth == 0 or ":" in text or "-" in text else "" for depth, text in lines]
    rest = 0
    skip = 0
    in_signature = False
    for place, (depth, text) in enumerate(lines):
        if skip:
            skip -= 1
            parted.append(Line(text, depth + rest or 1, LinePart.INTRODUCTION))
            continue
        length = _introduces(lines, folded, place)
        if length:
            in_signature = False
            marked = _marked_below(lines, place + length, depth)
            parted.append(Line(text, depth + rest + 1, LinePart.INTRODUCTION))
            skip = length - 1
            if not marked:
                rest += 1
            continue
        level = depth + rest
        if level:
            parted.append(Line(text, level, LinePart.QUOTE))
            continue
        in_signature = in_signature or _ends_letter(lines, folded, place)
        parted.append(Line(text, 0, LinePart.SIGNATURE if in_signature else LinePart.OWN))
    return tuple(parted)


def own_text(lines: Sequence[Line]) -> str:
    """What the sender wrote, blank lines at both ends removed and never more than one between."""
    kept: list[str] = []
    for line in lines:
        if line.part is LinePart.OWN and (line.text.strip() or (kept and kept[-1])):
            kept.append(line.text.rstrip() if line.text.strip() else "")
    return "\n".join(kept).strip()


def _introduces(lines: Sequence[tuple[int, str]], folded: Sequence[str], place: int) -> int:
    """How many lines from here on stand above a quote: "Vào … đã viết:", a separator, a header block."""
    depth, text = lines[place]
    here = folded[place]
    if not here:
        return 0
    if (
        len(here) < 80
        and _SEPARATOR.match(here)
        and (text.lstrip()[:1] in "-_*=>" or text.rstrip().endswith(":"))
    ):
        return 1 + _header_block(lines, place + 1, depth)
    if here.split(" ", 1)[0] in ("from", "tu", "nguoi") and ":" in text:
        return _header_block(lines, place, depth)
    return _attribution(lines, folded, place)


def _attribution(lines: Sequence[tuple[int, str]], folded: Sequence[str], place: int) -> int:
    """The line above a quote, "On Mon, … wrote:" or "Vào … đã viết:", wrapped over up to four lines.

    A field such as "Số tin, bài đã viết:" is none: an address or a time must stand in it.
    """
    here = folded[place]
    depth, text = lines[place]
    if text.rstrip().endswith(":") and here.endswith(_WROTE):
        return 1 if "@" in text or _TIME.search(text) else 0
    if not here.startswith(_WROTE_STARTS) or not _TIME.search(text):
        return 0
    seen_address = "@" in text
    for more in range(1, 4):
        if place + more >= len(lines) or lines[place + more][0] != depth:
            return 0
        below = lines[place + more][1].rstrip()
        seen_address = seen_address or "@" in below
        if not below:
            return 0
        if below.endswith(":"):
            return more + 1 if seen_address and fold(below).endswith(_WROTE) else 0
    return 0


def _header_block(lines: Sequence[tuple[int, str]], place: int, depth: int) -> int:
    """How many lines a block "Từ: … / Đã gửi: … / Đến: …" has from here; 0 when there is none."""
    names = 0
    seen_from = False
    last = 0
    for ahead in range(_LOOK_AHEAD + 2):
        if place + ahead >= len(lines) or lines[place + ahead][0] != depth:
            break
        text = lines[place + ahead][1]
        if not text.strip():
            if names:
                break
            continue
        name, colon, _ = text.partition(":")
        name = fold(name)
        if colon and name in _HEADER_NAMES["from"]:
            seen_from = True
        elif not colon or name not in _HEADER_NAMES["other"]:
            # a long list of recipients goes on in the next line
            if not names:
                return 0
            continue
        names += 1
        last = ahead + 1
    return last if seen_from and names >= 3 else 0


def _marked_below(lines: Sequence[tuple[int, str]], place: int, depth: int) -> bool:
    """Whether the quote that starts here has marks of its own, so that unmarked lines are the sender's."""
    for below, text in lines[place : place + 4]:
        if text.strip():
            return below > depth
        if below > depth:
            return True
    return False


def _ends_letter(lines: Sequence[tuple[int, str]], folded: Sequence[str], place: int) -> bool:
    text, here = lines[place][1], folded[place]
    if text.strip() in ("--", "—", "__") or text.rstrip() == "--":
        return True
    if not here:
        return False
    if len(here) < 60 and _APP_LINE.match(here):
        return True
    if _DISCLAIMER.match(here):
        return True
    if here in _CLOSINGS:
        # a closing formula closes only near the end: a name, a title, a telephone number may follow
        after = [text for depth, text in lines[place + 1 : place + 16] if depth == 0 and text.strip()]
        return all(len(text) < 120 for text in after)
    return False
