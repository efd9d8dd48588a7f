"""Where what a person wrote ends: the closing formula, name, contact lines, app line or disclaimer.

A line ends the letter only when what follows it looks like the end of one; words in the midst of a text stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifiers.replies.folding import fold
from notifiers.replies.wrote import clients
from notifiers.replies.wrote.closings import is_formula, is_greeting, is_thanks, leads_to_name
from notifiers.replies.wrote.signatures import (
    Sender,
    is_attached,
    is_contact,
    is_dashed_name,
    is_full_name,
    is_inserted,
    is_lone_name,
    is_office,
    is_sender_line,
    is_signature,
    is_signed_line,
    looks_like_name,
)

_MAX_ENDING = 14
_SENTENCE_ENDS = (".", "!", "?", ",", ")")
_LONG = 120
_BY_PROGRAM = re.compile(r"Sent (?:from|with|via|using) [A-Z]\w+, ")
_CLAUSE_END = re.compile(r"[,.!;](?<=\w[,.!;])\s+")
_LINKED = re.compile(r"<[^<>]{3,200}>")
_POSTSCRIPT = re.compile(
    r"\s*(?:\[(?:\d{1,2}|\*{1,3})\]:?\s|\(?\*{1,3}\)?\s|P\.?\s?S\.?\s?[.:]|TB\s?:|Tái bút)", re.IGNORECASE
)
_MAX_POSTSCRIPT = 20


def letter(
    lines: Sequence[str], sender: Sender, *, last: bool = True, alone: bool = True, answers: bool = False
) -> list[bool]:
    """Say of each line whether it is the letter's; the others end it, or were added by programs.

    `lines` follow each other, nothing quoted between them. `last`: nothing of the sender's comes below them;
    `alone`: nothing came above; `answers`: they stand right below a quoted question, so that a name is an
    answer to it.
    """
    folded = [fold(line[:300]) for line in lines]
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    end = next((at for at in range(len(lines)) if _machine_begins(lines, folded, at, first)), len(lines))
    machine = end
    below = _postscript(lines, end) if last else end
    end = _closed(lines[:below], folded[:below], alone=alone)
    if last:
        end = _signed(lines, folded, end, sender, alone=alone, answers=answers)
    if below < machine and end == below:
        below = machine
    if 0 < below < machine and not lines[below - 1].strip():
        below -= 1
    return [at < end or below <= at < machine for at in range(len(lines))]


def beginning(lines: Sequence[str]) -> int:
    """The place of the first line that is the sender's, below warnings that a server put above the letter."""
    at = begin = 0
    while (at := _skip_blank(lines, at)) < len(lines) and _is_label(lines[at]):
        at = begin = at + 1
    if at == len(lines) or not clients.BANNER.match(fold(lines[at][:300])):
        return begin
    while at < len(lines) and lines[at].strip() and not is_greeting(lines[at], fold(lines[at][:300])):
        at += 1
    return at


def _is_label(line: str) -> bool:
    return len(line) < _LONG and clients.LABEL.fullmatch(fold(line)) is not None


def _skip_blank(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _machine_begins(lines: Sequence[str], folded: Sequence[str], at: int, first: int) -> bool:
    """Whether programs and lawyers speak from here on: a signature mark, an app's line, a disclaimer."""
    text, here = lines[at], folded[at]
    if not here:
        if clients.SIGNATURE_MARK.fullmatch(text):
            return True
        if clients.RULER.fullmatch(text):
            return _ruled_off(lines, folded, at)
    if clients.SCRUBBED.match(text) or (not text.isascii() and clients.APP_LINE_RAW.match(text.strip())):
        return True
    if not here:
        return False
    if len(here) < 250 and _is_app_line(lines, at):
        return True
    if not _opens_paragraph(lines, at):
        return False
    if clients.DISCLAIMER_START.match(here) is not None:
        return True
    return at > first and _disclaims(lines, folded, at)


def _is_app_line(lines: Sequence[str], at: int) -> bool:
    """An app's line stands alone: no sentence goes on in it or around it, and no letter follows."""
    text = _LINKED.sub("", lines[at])
    clause = _CLAUSE_END.search(text)
    if clause and len(text) - clause.end() < _LONG and clients.APOLOGY.match(fold(text[clause.end() :])):
        text = text[: clause.start()]
    if _BY_PROGRAM.match(text) and not any(line.strip() for line in lines[at + 1 : at + 2]):
        text = text.partition(",")[0]
    if (
        len(text) > 100
        or "," in text
        or not text.lstrip()[:1].isalnum()
        or text.rstrip().endswith(("?", ":"))
    ):
        return False
    if clients.APP_LINE.match(fold(text)) is None:
        return False
    above = at == 0 or not lines[at - 1].strip()
    below = at + 1 == len(lines) or not lines[at + 1].strip()
    return (above or below) and not any(len(one) >= _LONG for one in lines[at + 1 : at + 2])


def _ruled_off(lines: Sequence[str], folded: Sequence[str], at: int) -> bool:
    """Whether a line was drawn above a disclaimer, a list's footer, or above lines of contact."""
    below = folded[at + 1 : at + 18]
    if any(clients.DISCLAIMER_START.match(one) or clients.FOOTER.search(one) for one in below):
        return True
    told = [line for line in lines[at + 1 : at + 4 * _MAX_ENDING] if line.strip()]
    if at + 4 * _MAX_ENDING < len(lines) or not 0 < len(told) <= 2 * _MAX_ENDING:
        return False
    if any(len(line) >= 80 for line in told):
        return False
    contacts = sum(1 for line in told if is_contact(line, fold(line)))
    if contacts:
        return len(told) - contacts <= 6
    short_rule = len(lines[at].strip()) <= 4
    return short_rule and len(told) <= 4 and looks_like_name(told[0].strip(" ~"), small=True)


def _closed(lines: Sequence[str], folded: Sequence[str], *, alone: bool) -> int:
    """The place where the sender closes: a formula or an office's head, with nothing long below."""
    told = [at for at, line in enumerate(lines) if line.strip() and not clients.RULER.fullmatch(line)]
    begun = _first_said(lines, folded) if alone else -1
    for count in range(max(0, len(told) - _MAX_ENDING - 1), len(told)):
        at, below = told[count], [lines[one] for one in told[count + 1 :]]
        if (not folded[at] and lines[at].isascii()) or any(len(one) >= _LONG for one in below):
            continue
        said = begun < at
        if is_office(lines[at]) and (said or count):
            return at
        if _closes(lines[at], folded[at], below, said=said):
            return at
    return len(lines)


def _first_said(lines: Sequence[str], folded: Sequence[str]) -> int:
    """The place of the first line that says something more than a greeting."""
    both = enumerate(zip(lines, folded, strict=True))
    return next((at for at, (line, here) in both if line.strip() and not is_greeting(line, here)), len(lines))


def _closes(text: str, here: str, told: Sequence[str], *, said: bool) -> bool:
    """Whether this line is a closing formula, alone or with the name behind it, near the end.

    `said`: the letter has words above it, so that thanks are not all that it says.
    """
    if is_formula(text, here):
        return said or here != "kinh gui"
    if is_thanks(text, here):
        return said and (
            text.rstrip().endswith(",") or (bool(told) and _is_short(told[0]) and not _goes_on(told))
        )
    if said and told and leads_to_name(text):
        return len(told) <= 3 and (looks_like_name(told[0]) or is_dashed_name(told[0])) and not _goes_on(told)
    head, comma, name = text.partition(",")
    return bool(
        comma
        and len(told) <= 3
        and looks_like_name(name)
        and (is_formula(head, fold(head)) or (said and is_thanks(head, fold(head))))
    )


def _goes_on(told: Sequence[str]) -> bool:
    """Whether lines of a letter, not of a signature, follow."""
    return any(len(one) > 80 or one.rstrip().endswith((".", "?", ":")) for one in told[:2])


def _is_short(line: str) -> bool:
    return len(line.split()) <= 6 and len(line) < 60


def _disclaims(lines: Sequence[str], folded: Sequence[str], at: int) -> bool:
    """Whether the paragraph that begins here is a legal notice."""
    words = []
    for place in range(at, min(at + 8, len(lines))):
        if not lines[place].strip():
            break
        words.append(folded[place])
    return clients.DISCLAIMER_INSIDE.search(" ".join(words)) is not None


def _opens_paragraph(lines: Sequence[str], at: int) -> bool:
    return at == 0 or not lines[at - 1].strip() or clients.RULER.fullmatch(lines[at - 1]) is not None


def _postscript(lines: Sequence[str], end: int) -> int:
    """Where the notes begin that stand below a signature: "[1] https://…", "P.S. …"; `end` when none do."""
    found = end
    at = end
    while at and end - at < _MAX_POSTSCRIPT:
        at -= 1
        if lines[at].strip() and (at == 0 or not lines[at - 1].strip()):
            if not _POSTSCRIPT.match(lines[at]):
                break
            found = at
    return found


def _signed(
    lines: Sequence[str], folded: Sequence[str], end: int, sender: Sender, *, alone: bool, answers: bool
) -> int:
    """The end without a name, contact lines or a ruler that stand last; never the whole letter."""
    while True:
        while end and not lines[end - 1].strip():
            end -= 1
        shorter = _trimmed(lines, folded, end, sender, alone=alone, answers=answers)
        if shorter == end:
            return end
        end = shorter


def _trimmed(
    lines: Sequence[str], folded: Sequence[str], end: int, sender: Sender, *, alone: bool, answers: bool
) -> int:
    start = end
    while start and end - start <= _MAX_ENDING and lines[start - 1].strip():
        start -= 1
    if start == end or end - start > _MAX_ENDING:
        return _named(lines, folded, end - 1, end, sender) if end > start else end
    last = lines[end - 1]
    whole = not any(line.strip() for line in lines[max(0, start - 40) : start])
    if (alone or answers) and whole and end - start == 1 and not is_dashed_name(last):
        return end
    if clients.RULER.fullmatch(last) or is_inserted(last) or _is_label(last):
        return end - 1
    if is_dashed_name(last) and not _is_list(lines, end):
        return end - 1
    if is_sender_line(last, folded[end - 1]):
        return end - 1
    if not (alone and whole) and _is_signed_paragraph(lines, folded, start, end, sender):
        return start
    return _named(lines, folded, start + 1, end, sender)


def _is_signed_paragraph(
    lines: Sequence[str], folded: Sequence[str], start: int, end: int, sender: Sender
) -> bool:
    """Whether the last paragraph is a signature as a whole."""
    block = lines[start:end]
    above = next((lines[at] for at in range(start - 1, -1, -1) if lines[at].strip()), "")
    if above.rstrip().endswith(":"):
        return False
    if len(block) > 1 or sender.is_named(folded[start]):
        return is_signature(block, folded[start:end], sender)
    linked = "://" in above
    ended = linked or above.rstrip()[-1:] in ("", *_SENTENCE_ENDS) or _is_greeted(lines, folded)
    if is_lone_name(block[0]):
        return ended and (linked or len(above.split()) != 1)
    return (ended or not block[0].isascii()) and is_signature(block, folded[start:end], sender)


def _is_greeted(lines: Sequence[str], folded: Sequence[str]) -> bool:
    """Whether the letter begins with a greeting, and so ends with a name."""
    return next((is_greeting(line, here) for line, here in zip(lines, folded, strict=True) if here), False)


def _named(lines: Sequence[str], folded: Sequence[str], start: int, end: int, sender: Sender) -> int:
    """The end without a name, and what belongs to it, that stand right below the letter's last line."""
    if (
        end - 2 >= start - 1
        and is_lone_name(lines[end - 1])
        and lines[end - 2].rstrip()[-1:] in (".", "!", "?")
    ):
        return end - 1
    at = end
    while at > start and end - at < _MAX_ENDING:
        text, here = lines[at - 1], folded[at - 1]
        name = is_signed_line(text, here, sender)
        if name and not lines[at - 2].rstrip().endswith(":") and not _is_among_names(lines, folded, at - 1):
            return at - 1
        if not is_attached(text, here):
            return end
        at -= 1
    return end


def _is_among_names(lines: Sequence[str], folded: Sequence[str], at: int) -> bool:
    """Whether the line above is a name too: then both are the letter's."""
    return at > 0 and is_full_name(lines[at - 1], folded[at - 1])


def _is_list(lines: Sequence[str], end: int) -> bool:
    """Whether the line above begins with a dash too: then the last is an item, not a name."""
    return end >= 2 and lines[end - 2].lstrip()[:1] in ("-", "–", "—", "+", "*", "•")
