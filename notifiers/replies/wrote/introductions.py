"""What programs put above the mail that is answered: "Vào … đã viết:", separators, blocks of headers.

Every rule looks at one line, or at a fixed few after it, and none can backtrack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifiers.replies.folding import fold
from notifiers.replies.wrote.clients import (
    CLOCK,
    DAY,
    FROM_NAMES,
    OTHER_NAMES,
    RULER,
    TIME,
    VERB_INSIDE,
    WROTE_START,
    header_name,
    is_between_arrows,
    is_separator,
    says_wrote,
)

_DRAWN_WITH = "-_=*#~—–>"
_ENDS_WITH = ":：-_"
_LOOK_AHEAD = 9
_MAX_WRAPPED = 4
_LONGEST = 400
_ANGLED = re.compile(r"<[^<>\s]{1,100}@[^<>\s]{3,100}>")
_NOTES_NAMES = frozenset(("to", "cc", "subject"))


def introduces(lines: Sequence[tuple[int, str]], folded: Sequence[str], place: int) -> int:
    """How many lines from `place` on stand above a quote; 0 when none does.

    `folded` are the same lines without accents and case.
    """
    depth, text = lines[place]
    if not _may_introduce(text.strip(), folded[place]):
        return 0
    if RULER.fullmatch(text):
        return _ruled(lines, place)
    if is_separator(text, folded[place]) or _is_drawn_attribution(text) or is_between_arrows(text):
        return 1 + _header_block(lines, place + 1, depth)
    name = header_name(text)
    if name in FROM_NAMES or name in OTHER_NAMES:
        block = _header_block(lines, place, depth)
        if block:
            return block
    return _attribution(lines, folded, place) or _notes(lines, folded, place)


def _may_introduce(text: str, here: str) -> bool:
    """Whether the line has what one of the rules below asks for first; most lines have not."""
    return bool(text) and (
        text[0] in _DRAWN_WITH
        or text[-1] in _ENDS_WITH
        or "@" in text
        or ":" in text
        or "：" in text
        or WROTE_START.match(here) is not None
    )


def _is_drawn_attribution(text: str) -> bool:
    """Whether the line names the writer between dashes: "-----A <a@b.example> wrote: -----"."""
    if not text.startswith("---"):
        return False
    bare = text.strip("- ")
    return text.rstrip().endswith("--") and "@" in bare and says_wrote(bare)


def marked_below(lines: Sequence[tuple[int, str]], place: int, depth: int) -> bool:
    """Whether the quote that starts here has marks of its own, so that unmarked lines are the sender's."""
    for below, text in lines[place : place + 4]:
        if text.strip():
            return below > depth
        if below > depth:
            return True
    return False


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
        if not below or len(joined) > _LONGEST:
            return 0
        joined = f"{joined} {below}".strip()
        after = place + more + 1
        if below.endswith((":", "：")):
            return more + 1 if _is_attribution(joined, lines, after, depth) else 0
        if _is_bare(joined, lines, after, depth):
            return more + 1
        if more == 0 and not _may_begin(text, folded[place]):
            return 0
    return 0


def _may_begin(text: str, here: str) -> bool:
    """Whether an introduction that is wrapped may begin so."""
    return WROTE_START.match(here) is not None and TIME.search(text) is not None


def _is_attribution(joined: str, lines: Sequence[tuple[int, str]], below: int, depth: int) -> bool:
    """Whether words that end with a colon name who wrote the mail below, and when."""
    wrote, addressed = says_wrote(joined), "@" in joined
    dated = DAY.search(joined) is not None and CLOCK.search(joined) is not None
    if not (wrote or addressed or dated):
        return False
    if wrote and (addressed or TIME.search(joined)):
        return True
    here = fold(joined)
    if (addressed or dated) and VERB_INSIDE.search(here) and WROTE_START.match(here):
        return True
    if _ANGLED.search(joined) and DAY.search(joined) and (dated or VERB_INSIDE.search(here)):
        # whatever the language: nobody writes an address in brackets, a day and a time above their own words
        return True
    return marked_below(lines, below, depth)


def _is_bare(joined: str, lines: Sequence[tuple[int, str]], below: int, depth: int) -> bool:
    """The same without a colon: "---- On Mon, … a@b.example wrote ----", "2013/11/1 A <a@b.example>"."""
    if "@" not in joined or TIME.search(joined) is None:
        return False
    if WROTE_START.match(fold(joined)) is None:
        return False
    if says_wrote(joined.strip("- ")):
        return DAY.search(joined) is not None
    return joined.endswith(">") and DAY.search(joined) is not None and marked_below(lines, below, depth)


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
    """How many lines a block "Từ: … / Đã gửi: … / Đến: …" has from here; 0 when there is none.

    Two lines are enough when a marked quote follows them.
    """
    names = 0
    seen_from = False
    last = 0
    for ahead in range(_LOOK_AHEAD):
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
    enough = names >= 3 or (names == 2 and marked_below(lines, place + last, depth))
    return last if seen_from and enough else 0
