"""Which lines a person wrote, and which are quote, signature or the client's: rules that cannot backtrack.

Every rule looks at one line, or at a fixed few after it; a text is read once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifiers.replies import endings
from notifiers.replies.clients import (
    CLOCK,
    DAY,
    FROM_NAMES,
    OTHER_NAMES,
    RULER,
    SEPARATOR,
    TIME,
    VERB_INSIDE,
    WROTE_START,
    header_name,
    says_wrote,
)
from notifiers.replies.folding import fold
from notifiers.replies.understood import Line, LinePart

_MARKS = re.compile(r"[ \t]{0,3}(>[> \t]*)")
_LOOK_AHEAD = 6
_MAX_LINE = 2000
_MAX_LINES = 20_000
"""More than anybody writes; the rest is not looked at."""
_MAX_WRAPPED = 4
_LONGEST_INTRODUCTION = 400
_ANGLED_END = re.compile(r"<[^<>]{3,200}@[^<>]{3,200}>\s{0,3}:$")
_NOTES_NAMES = frozenset(("to", "cc", "subject"))


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


def part(lines: Sequence[tuple[int, str]], sender: str = "") -> tuple[Line, ...]:
    """Say of each line what it belongs to; lines below a header block or separator count as quoted.

    `sender` is the name in From: a last line of nothing but it is the signature.
    """
    return tuple(_without_signature(_quoted(lines[:_MAX_LINES]), sender))


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


def _without_signature(lines: list[Line], sender: str) -> list[Line]:
    """Of each stretch of the sender's own lines, the end becomes signature, and a server's warning too."""
    start = 0
    first = True
    while start < len(lines):
        if lines[start].part is not LinePart.OWN:
            start += 1
            continue
        end = start
        while end < len(lines) and lines[end].part is LinePart.OWN:
            end += 1
        texts = [line.text for line in lines[start:end]]
        begin = endings.beginning(texts) if first else 0
        keep = begin + endings.ending(texts[begin:], sender)
        for place in (*range(start, start + begin), *range(start + keep, end)):
            lines[place] = Line(lines[place].text, 0, LinePart.SIGNATURE)
        first = first and not any(text.strip() for text in texts)
        start = end
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
    if not text.strip():
        return 0
    if RULER.fullmatch(text):
        return _ruled(lines, place)
    if (
        len(here) < 80
        and SEPARATOR.match(here)
        and (text.lstrip()[:1] in "-_*=>" or text.rstrip().endswith((":", "-", "_")))
    ):
        return 1 + _header_block(lines, place + 1, depth)
    name = header_name(text)
    if name in FROM_NAMES or name in OTHER_NAMES:
        block = _header_block(lines, place, depth)
        if block:
            return block
    return _attribution(lines, folded, place) or _notes(lines, folded, place)


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
    depth, text = lines[place]
    joined = ""
    for more in range(_MAX_WRAPPED):
        if place + more >= len(lines) or lines[place + more][0] != depth:
            return 0
        below = lines[place + more][1].strip()
        if not below or len(joined) > _LONGEST_INTRODUCTION:
            return 0
        joined = f"{joined} {below}".strip()
        if below.endswith((":", "：")):
            return more + 1 if _is_attribution(joined, lines, place + more + 1, depth) else 0
        if more == 0 and not _may_begin(text, folded[place]):
            return 0
    return 0


def _may_begin(text: str, here: str) -> bool:
    """Whether an introduction that is wrapped may begin so."""
    return WROTE_START.match(here) is not None and TIME.search(text) is not None


def _is_attribution(joined: str, lines: Sequence[tuple[int, str]], below: int, depth: int) -> bool:
    here = fold(joined)
    placed = "@" in joined or TIME.search(joined) is not None
    if placed and (
        says_wrote(joined) or ("@" in joined and VERB_INSIDE.search(here) and WROTE_START.match(here))
    ):
        return True
    dated = DAY.search(joined) is not None and CLOCK.search(joined) is not None
    if dated and _ANGLED_END.search(joined):
        return True
    return (dated or says_wrote(joined)) and _marked_below(lines, below, depth)


def _notes(lines: Sequence[tuple[int, str]], folded: Sequence[str], place: int) -> int:
    """The head of a mail as Lotus Notes writes it: who, when, and then To, cc and Subject on lines alone."""
    depth, text = lines[place]
    if "@" not in text or len(text) > 200:
        return 0
    named = 0
    last = 0
    for ahead in range(1, 14):
        if place + ahead >= len(lines) or lines[place + ahead][0] != depth:
            break
        if folded[place + ahead] in _NOTES_NAMES:
            named += 1
            last = ahead + 1
    return last + 1 if named == len(_NOTES_NAMES) else 0


def _header_block(lines: Sequence[tuple[int, str]], place: int, depth: int) -> int:
    """How many lines a block "Từ: … / Đã gửi: … / Đến: …" has from here; 0 when there is none."""
    names = 0
    seen_from = False
    last = 0
    for ahead in range(_LOOK_AHEAD + 3):
        if place + ahead >= len(lines) or lines[place + ahead][0] != depth:
            break
        text = lines[place + ahead][1]
        if not text.strip():
            if names:
                break
            continue
        name = header_name(text)
        if name in FROM_NAMES:
            seen_from = True
        elif name not in OTHER_NAMES:
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
