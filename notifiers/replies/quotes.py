"""Which lines a person wrote, and which are quote, signature or the client's: rules that cannot backtrack.

Every rule looks at one line, or at a fixed few after it; a text is read once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifiers.replies.folding import fold
from notifiers.replies.understood import Line, LinePart

_MARKS = re.compile(r"[ \t]{0,3}((?:>[ \t]?){1,30})")
_RULER = re.compile(r"\s{0,3}[_=*-]{5,200}\s{0,3}")
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
    return tuple(_without_signature(_quoted(lines)))


def _quoted(lines: Sequence[tuple[int, str]]) -> list[Line]:
    """Each line with the depth that marks and introductions together give it."""
    parted: list[Line] = []
    folded = [fold(text) for _, text in lines]
    rest = skip = above = 0
    for place, (depth, text) in enumerate(lines):
        if skip:
            skip -= 1
            parted.append(Line(text, parted[-1].depth, LinePart.INTRODUCTION))
            continue
        length = _introduces(lines, folded, place)
        if not length:
            level = depth + rest
            parted.append(Line(text, level, LinePart.QUOTE if level else LinePart.OWN))
        elif depth > above:
            # the introduction stands inside the quote that begins here
            parted.append(Line(text, depth + rest, LinePart.INTRODUCTION))
        else:
            parted.append(Line(text, depth + rest + 1, LinePart.INTRODUCTION))
            rest += 0 if _marked_below(lines, place + length, depth) else 1
        skip = max(0, length - 1)
        if text.strip():
            above = depth
    return parted


def _without_signature(lines: list[Line]) -> list[Line]:
    """The sender's lines from the closing formula on become signature; lines after a quote start anew."""
    own = [place for place, line in enumerate(lines) if line.part is LinePart.OWN]
    ended = False
    last = -1
    for nth, place in enumerate(own):
        if place != last + 1:
            ended = False
        last = place
        ended = ended or _ends_letter([lines[one].text for one in own[nth : nth + 16]])
        if ended:
            lines[place] = Line(lines[place].text, 0, LinePart.SIGNATURE)
    return lines


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
        return _ruled(lines, place) if _RULER.fullmatch(text) else 0
    if (
        len(here) < 80
        and _SEPARATOR.match(here)
        and (text.lstrip()[:1] in "-_*=>" or text.rstrip().endswith(":"))
    ):
        return 1 + _header_block(lines, place + 1, depth)
    if here.split(" ", 1)[0] in ("from", "tu", "nguoi") and ":" in text:
        return _header_block(lines, place, depth)
    return _attribution(lines, folded, place)


def _ruled(lines: Sequence[tuple[int, str]], place: int) -> int:
    """A line drawn above a header block, as Outlook does."""
    gap = 1
    while gap < 3 and place + gap < len(lines) and not lines[place + gap][1].strip():
        gap += 1
    block = _header_block(lines, place + gap, lines[place][0])
    return gap + block if block else 0


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


def _ends_letter(lines: Sequence[str]) -> bool:
    """Whether the letter ends before the first of these lines."""
    text, here = lines[0], fold(lines[0][:300])
    if text.strip() in ("--", "—", "__"):
        return True
    if not here:
        return False
    if (len(here) < 60 and _APP_LINE.match(here)) or _DISCLAIMER.match(here):
        return True
    # a closing formula closes only near the end: a name, a title, a telephone number may follow
    return here in _CLOSINGS and all(len(below) < 120 for below in lines[1:])
