"""Which lines of a mail a person wrote, and which are a quote, a signature or a program's; read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from notifiers.replies.folding import fold
from notifiers.replies.understood import Line, LinePart
from notifiers.replies.wrote import clients, endings
from notifiers.replies.wrote.introductions import introduces, marked_below
from notifiers.replies.wrote.signatures import Sender

_TAG = re.compile(r"\s{0,4}[\[<]\s?([^\W\d_][\w .]{0,30}?)\s?[\]>]+\s?[:>-]?\s?\S")
_TAGGED = ("[", "<")
_INSIDE = re.compile(
    r"\b(?:inline|in line|below|in between|in (?:red|blue|green)|my (?:comments|answers)|ben duoi|"
    r"phia duoi|o duoi|"
    r"mau (?:do|xanh)|chu (?:do|xanh)|trong thu)\b"
)
_MOST_ABOVE = 60
_LONGEST_ABOVE = 2_000
_MAX_LINES = 20_000
"""More than anybody writes; the rest is not looked at."""


def part(lines: Sequence[tuple[int, str]], sender: str = "") -> tuple[Line, ...]:
    """Say of each line what it belongs to; lines below a header block or separator count as quoted.

    `sender` is the name and the address's own part in From: a last line of nothing but them is the signature.
    """
    named = Sender.of(sender)
    return tuple(_without_signature(_with_tagged(_quoted(lines[:_MAX_LINES]), named), named))


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
        length = introduces(lines, folded, place)
        if not length:
            level = depth + rest
            parted.append(Line(text, level, LinePart.QUOTE if level else LinePart.OWN))
        elif depth > above:
            # the introduction stands inside the quote that begins here
            parted.append(Line(text, depth + rest, LinePart.INTRODUCTION))
        else:
            parted.append(Line(text, depth + rest + 1, LinePart.INTRODUCTION))
            rest += 0 if marked_below(lines, place + length, depth) else 1
        skip = max(0, length - 1)
        if text.strip():
            above = depth
    return parted


def _with_tagged(lines: list[Line], sender: Sender) -> list[Line]:
    """Answers inside an unmarked quote that the sender put a name to, "[Lan] đã gửi", are the sender's.

    Only where the mail says so, or nothing else: an earlier mail of the sender's may have been answered so.
    """
    if not any(line.part is LinePart.QUOTE and line.text.lstrip()[:1] in _TAGGED for line in lines):
        return lines
    own = " ".join(line.text for line in lines[:_MOST_ABOVE] if line.part is LinePart.OWN)
    if own.strip() and _INSIDE.search(fold(own[:_LONGEST_ABOVE])) is None:
        return lines
    tagged = False
    for place, line in enumerate(lines):
        tag = _TAG.match(line.text) if line.part is LinePart.QUOTE and line.depth == 1 else None
        if tag:
            tagged = sender.is_named(fold(tag[1])) or (tag[1].isupper() and sender.has_initials(fold(tag[1])))
        elif line.part is not LinePart.QUOTE or line.depth != 1 or not line.text.strip():
            tagged = False
        if tagged:
            lines[place] = Line(line.text, 0, LinePart.OWN)
    return lines


def _without_signature(lines: list[Line], sender: Sender) -> list[Line]:
    """Of the sender's own lines, the letter's end becomes signature, and a server's warning above it too.

    Names and telephones end a letter only where nothing of the sender's follows: between quotes they are
    answers.
    """
    stretches = _stretches(lines)
    last = True
    for count in range(len(stretches) - 1, -1, -1):
        start, end = stretches[count]
        if count == 0:
            begin = start + endings.beginning([line.text for line in lines[start:end]])
            _sign(lines, range(start, begin))
            start = begin
        texts = [line.text for line in lines[start:end]]
        kept = endings.letter(texts, sender, last=last, alone=count == 0, answers=_answers(lines, start, end))
        _sign(lines, [start + at for at, keep in enumerate(kept) if not keep])
        last = last and not any(keep and text.strip() for keep, text in zip(kept, texts, strict=True))
    return lines


def _sign(lines: list[Line], places: Iterable[int]) -> None:
    for place in places:
        lines[place] = Line(lines[place].text, 0, LinePart.SIGNATURE)


def _stretches(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """From where to where the sender's own lines follow each other; those of nothing but blanks left out."""
    found = []
    end = 0
    for own, group in groupby(lines, lambda line: line.part is LinePart.OWN):
        texts = [line.text for line in group]
        start, end = end, end + len(texts)
        if own and any(text.strip() for text in texts):
            found.append((start, end))
    return found


def _answers(lines: Sequence[Line], start: int, end: int) -> bool:
    """Whether a stretch stands right below a quoted question or label; a signature's mark may end it."""
    told = [line.text for line in lines[start:end] if line.text.strip()]
    if not start or (len(told) > 1 and not clients.SIGNATURE_MARK.fullmatch(told[1])):
        return False
    return lines[start - 1].part is LinePart.QUOTE and lines[start - 1].text.rstrip().endswith(("?", ":"))


def own_text(lines: Sequence[Line]) -> str:
    """What the sender wrote, blank lines at both ends removed and never more than one between."""
    kept: list[str] = []
    for line in lines:
        if line.part is LinePart.OWN and (line.text.strip() or (kept and kept[-1])):
            kept.append(line.text.rstrip() if line.text.strip() else "")
    return "\n".join(kept).strip()
