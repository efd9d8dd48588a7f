"""Where what a person wrote ends: the closing formula, name, contact lines, app line or disclaimer.

A line ends the letter only when what follows it looks like the end of one; words in the midst of a text stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifiers.replies import clients
from notifiers.replies.folding import fold

_CLOSING = re.compile(
    r"(?:xin |rat )?tran trong(?: (?:va|kinh|chao|cam on|bao cao|kinh bao|cac|cua|dong chi|quy|co quan|"
    r"don vi|"
    r"anh|chi|anh chi|a|nhe|bc|bao|thong bao|kinh trinh))*|"
    r"kinh (?:thu|chao|bao|trinh|gui|chuc)(?: (?:a|anh|chi|anh chi))?|than(?: (?:ai|men|chao|kinh))?|"
    r"thay mat don vi|(?:xin|kinh) (?:chan thanh |tran trong )?cam on(?: (?:a|anh|chi|anh chi|cac|quy|"
    r"co quan|"
    r"don vi|dong chi|phong|so|nhieu|va tran trong|rat nhieu))*|chan thanh cam on(?: a)?|"
    r"(?:with )?(?:my |our )?(?:kind|kindest|best|warm|warmest|many|good)? ?(?:regards|"
    r"rgds)(?: and thanks)?|"
    r"(?:with )?(?:best|kind|warm|good) wishes|all the best|best|warmly|br|kr|b rgds|yours|yours ever|"
    r"(?:yours )?(?:very )?(?:sincerely|faithfully|truly|respectfully|cordially)(?: yours)?|"
    r"respectfully submitted|many thanks(?: and)?(?: best| kind)?(?: regards)?|take care|"
    r"(?:many )?thank(?:s| you)(?: and| in advance and)?(?: with)? (?:best|kind|warm)? ?regards|"
    r"thanks best regards|thanks and best|thanks and regards|cheers|"
    r"mit (?:freundlichen|besten) gr[a-z ]{0,3}en|(?:viele|beste|liebe|schone|freundliche) gr[a-z ]{0,3}e|"
    r"mfg|lg|vg|(?:bien |tres )?cordialement|salutations|saludos(?: cordiales)?|un (?:cordial )?saludo|"
    r"atentamente|(?:cordiali|distinti) saluti|saluti|(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|"
    r"groeten|"
    r"groet|mvg|(?:med )?(?:venlig|vennlig|bedste|mange|kaerlig|beste) hilsen(?:er)?|mvh|vh|kh|hilsen|"
    r"(?:med )?(?:vanliga|basta) halsningar|(?:basta |vanliga )?halsning(?:ar)?|pozdrawiam|"
    r"z (?:wyrazami szacunku|powazaniem)|(?:s |srdecny )?pozdrave?m?|atenciosamente|abracos|abs|"
    r"ystavallisin terveisin"
)
_WEAK = re.compile(
    r"(?:many |much |big )?thanks(?: (?:again|a lot|so much|very much|in advance|for your (?:help|time)|"
    r"all))?|"
    r"thank you(?: (?:again|so much|very much|in advance|all))?|thx|tks|ty|merci|gracias|danke|grazie|"
    r"bedankt|"
    r"tack|tak|dzieki|(?:em |chau |minh |toi |xa |don vi )?(?:xin )?cam on(?: (?:a|anh|chi|anh chi|em|"
    r"cac|quy|"
    r"dong chi|nhieu|rat|co|chu|ban))*|obrigado|obrigada"
)
"""Thanks that close a letter when a name follows, and are words of it otherwise."""

_OFFICE = re.compile(r"\s*(?:TM|KT|TL|TUQ|Q)\.\s?(?:[A-ZĐÀ-Ỹ]{2,}[ ,./-]*){1,12}$")
_SENDER_LINE = re.compile(r"nguoi (?:gui|bao cao|gui bao cao)\b")
_CONTACT = re.compile(
    r"(?:so )?(?:dt|sdt|đt|dien thoai|tel|telephone|phone|mobile|cell|mob|fax|hotline|di dong|dd|zalo|"
    r"email|"
    r"e mail|mail|mailto|website|web|dia chi|address|skype|direct|office|ext|extn|lien he)\b"
)
_LETTERED_CONTACT = re.compile(r"\s*[TMEFWPDtmefwpd]\s?[.:]\s?(?=.*(?:\d{3}|@|www))[^)]")
_BARE_CONTACT = re.compile(
    r"\s*<?(?:(?:https?://|www\.)\S+|[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}|\+?[\d(][\d ().-]{7,20}\d|"
    r"\[[^\]]{1,80}\])(?:\s?<[^<>]{1,200}>)?>?\s*"
)
_HAS_CONTACT = re.compile(r"\d{3}|@|www\.|://|:")
_DASH_NAME = re.compile(r"\s*(?:[-–—~/]{1,2})\s?([^\W\d_][\w.'’ -]{0,40})$")
_SURNAMES = frozenset(
    (
        "be", "bui", "cao", "chau", "chu", "dang", "dao", "dinh", "do", "doan", "duong", "h", "ha",
        "ho", "hoang", "huynh", "kieu", "kim", "ksor", "la", "lam", "le", "lo", "luong", "luu", "ly",
        "ma", "mai", "ngo", "nguyen", "nie", "nong", "pham", "phan", "phung", "quach", "quang", "rmah",
        "ro", "siu", "son", "ta", "tang", "thach", "thai", "to", "tong", "tran", "trieu", "trinh",
        "truong", "van", "vo", "vu", "y",
    )
)  # fmt: skip
_PARTICLES = frozenset(
    ("de", "van", "der", "den", "von", "da", "di", "la", "le", "bin", "al", "and", "&", "-")
)
_INSERTED = re.compile(
    r"\s*(?:<<[^<>]{1,200}>>|\[(?:cid|image|logo|http)[^\]]{0,300}\]|"
    r"<[^<>]{1,150}\.(?:png|jpe?g|gif|bmp|docx?|xlsx?|pdf|zip|rar)>)\s*",
    re.IGNORECASE,
)
"""Where a program put a picture or a file."""
_MAX_ENDING = 14
_SENTENCE_ENDS = ".!?,)"
_LONG = 120


def ending(lines: Sequence[str], sender: str = "") -> int:
    """The place of the first line that is no longer the letter; the count of lines when all of them are.

    `lines` follow each other in the letter, nothing quoted between them; `sender` is the name in From.
    """
    folded = [fold(line[:300]) for line in lines]
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    end = next((at for at in range(len(lines)) if _machine_begins(lines, folded, at, first)), len(lines))
    lines, folded = lines[:end], folded[:end]
    told = [at for at, line in enumerate(lines) if line.strip() and not clients.RULER.fullmatch(line)]
    end = next((at for at in told[-_MAX_ENDING - 1 :] if _closes_letter(lines, folded, at)), len(lines))
    names = frozenset(fold(sender).split())
    while True:
        shorter = _trimmed(lines, folded, end, names)
        if shorter == end:
            return end
        end = shorter


def beginning(lines: Sequence[str]) -> int:
    """The place of the first line that is the sender's, below warnings that a server put above the letter."""
    at = 0
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at == len(lines) or not clients.BANNER.match(fold(lines[at][:300])):
        return 0
    while at < len(lines) and lines[at].strip():
        at += 1
    return at


def _machine_begins(lines: Sequence[str], folded: Sequence[str], at: int, first: int) -> bool:
    """Whether programs and lawyers speak from here on: a signature mark, an app's line, a disclaimer."""
    text, here = lines[at], folded[at]
    if clients.SIGNATURE_MARKS.fullmatch(text) and len(text.strip()) <= 4:
        return True
    if clients.RULER.fullmatch(text):
        return _ruled_off(lines, folded, at)
    if not here:
        return clients.APP_LINE_RAW.match(text.strip()) is not None
    if len(here) < 90 and clients.APP_LINE.match(here) and _is_app_line(text, lines[at + 1 : at + 4]):
        return True
    if not _opens_paragraph(lines, at):
        return False
    return clients.DISCLAIMER_START.match(here) is not None or (at > first and _disclaims(lines, folded, at))


def _ruled_off(lines: Sequence[str], folded: Sequence[str], at: int) -> bool:
    """Whether a line was drawn above a disclaimer, or above lines of contact."""
    below = folded[at + 1 : at + 18]
    if any(clients.DISCLAIMER_START.match(one) or clients.DISCLAIMER_INSIDE.search(one) for one in below):
        return True
    told = [line for line in lines[at + 1 : at + 4 * _MAX_ENDING] if line.strip()]
    return at + 4 * _MAX_ENDING >= len(lines) and (
        0 < len(told) <= 2 * _MAX_ENDING
        and all(len(line) < 80 for line in told)
        and any(_is_contact(line, fold(line)) for line in told)
        and sum(1 for line in told if not _is_contact(line, fold(line))) <= 6
    )


def _closes_letter(lines: Sequence[str], folded: Sequence[str], at: int) -> bool:
    """Whether the sender closes here: a formula or an office's head, with nothing long below."""
    if not folded[at]:
        return False
    below = [one for one in lines[at + 1 :] if one.strip() and not clients.RULER.fullmatch(one)]
    if any(len(one) >= _LONG for one in below):
        return False
    if _OFFICE.match(lines[at]):
        return True
    return _closes(lines[at], folded[at], below)


def _is_app_line(text: str, below: Sequence[str]) -> bool:
    """An app's line stands alone: no sentence goes on in it, and nothing of the letter follows."""
    return "," not in text and not any(len(one) >= _LONG for one in below)


def _closes(text: str, here: str, told: Sequence[str]) -> bool:
    """Whether this line is a closing formula, alone or with the name behind it, near the end."""
    if _CLOSING.fullmatch(here):
        return True
    if _WEAK.fullmatch(here):
        return text.rstrip().endswith(",") or (bool(told) and _is_short(told[0]) and not _goes_on(told))
    head, comma, name = text.partition(",")
    return bool(
        comma
        and len(told) <= 3
        and _looks_like_name(name)
        and (_CLOSING.fullmatch(fold(head)) or _WEAK.fullmatch(fold(head)))
    )


def _goes_on(told: Sequence[str]) -> bool:
    """Whether lines of a letter, not of a signature, follow."""
    return any(len(one) > 80 or one.rstrip().endswith((".", "?", ":")) for one in told[:2])


def _is_short(line: str) -> bool:
    return len(line.split()) <= 6 and len(line) < 60


def _looks_like_name(text: str) -> bool:
    words = text.strip(" .!*_-").split()
    return (
        1 <= len(words) <= 5
        and all(word[0].isupper() or word in _PARTICLES for word in words)
        and not any(map(str.isdigit, text))
        and ":" not in text
    )


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


def _trimmed(lines: Sequence[str], folded: Sequence[str], end: int, names: frozenset[str]) -> int:
    """The end without a name, contact lines or a ruler that stand last; never the whole letter."""
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and end - start <= _MAX_ENDING and lines[start - 1].strip():
        start -= 1
    if start == end:
        return end
    if not any(line.strip() for line in lines[max(0, end - 40) : end - 1]):
        return end
    last, here = lines[end - 1], folded[end - 1]
    if clients.RULER.fullmatch(last) or _INSERTED.fullmatch(last):
        return end - 1
    dashed = _DASH_NAME.match(last)
    if dashed and _looks_like_name(dashed[1]) and len(dashed[1].split()) <= 3 and not _is_list(lines, end):
        return end - 1
    if _is_senders(here, names) or (_SENDER_LINE.match(here) and ":" in last):
        return end - 1
    if start and end - start <= _MAX_ENDING and _is_signature(lines[start:end], folded[start:end], names):
        above = next((lines[at] for at in range(start - 1, -1, -1) if lines[at].strip()), ".")
        return start if end - start > 1 or above.rstrip()[-1] in _SENTENCE_ENDS or not last.isascii() else end
    return end


def _is_signature(block: Sequence[str], folded: Sequence[str], names: frozenset[str]) -> bool:
    """Whether the last paragraph says only who wrote and how to reach them."""
    if any(len(line) >= 100 for line in block):
        return False
    contacts = sum(1 for line, here in zip(block, folded, strict=True) if _is_contact(line, here))
    if contacts and 2 * contacts >= len(block) - 3:
        return True
    named = _is_full_name(block[0], folded[0]) or _is_senders(folded[0], names)
    if named or (_looks_like_name(block[0]) and len(block[0].split()) >= 2):
        rest = block[1:]
        titled = named or all(map(_looks_like_title, rest))
        return titled and all(len(line) < 80 and line.rstrip()[-1] not in ".?!:;" for line in rest)
    return False


def _looks_like_title(text: str) -> bool:
    """An office as English writes it, each long word with a capital."""
    words = [word for word in re.split(r"[\s,/()-]+", text) if len(word) > 3]
    return bool(words) and all(word[0].isupper() for word in words) and ":" not in text


def _is_list(lines: Sequence[str], end: int) -> bool:
    """Whether the line above begins with a dash too: then the last is an item, not a name."""
    return end >= 2 and lines[end - 2].lstrip()[:1] in ("-", "–", "—", "+", "*", "•")


def _is_senders(here: str, names: frozenset[str]) -> bool:
    """Whether the words of this line are all the sender's own name."""
    words = here.split()
    return 1 <= len(words) <= 6 and any(len(word) > 1 for word in words) and names.issuperset(words)


def _is_contact(text: str, here: str) -> bool:
    if _BARE_CONTACT.fullmatch(text) or _LETTERED_CONTACT.match(text):
        return True
    return bool(_CONTACT.match(here) and _HAS_CONTACT.search(text) and len(text) < 100)


def _is_full_name(text: str, here: str) -> bool:
    """A Vietnamese name in full, alone in its paragraph."""
    words = here.split()
    bare = text.strip(" .*_")
    return (
        2 <= len(words) <= 5
        and words[0] in _SURNAMES
        and len(bare.split()) == len(words)
        and all(word[0].isupper() for word in bare.split())
        and not any(map(str.isdigit, text))
    )
