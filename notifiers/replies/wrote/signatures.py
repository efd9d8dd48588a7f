"""Lines that say who wrote and how to reach them: names, offices, organisations, telephones, addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from notifiers.replies.folding import fold

_SURNAMES = frozenset(
    (
        "an", "au", "be", "bui", "cao", "chau", "chu", "cu", "dam", "dang", "dao", "dau", "diep", "dinh",
        "do",
        "doan", "duong", "h", "ha", "ho", "hoang", "hua", "huynh", "khuat", "khuong", "kieu", "kim", "ksor",
        "la", "lai", "lam", "le", "lieu", "lo", "luc", "luong", "luu", "ly", "ma", "mac", "mai", "nghiem",
        "ngo", "nguyen", "nie", "ninh", "nong", "ong", "pham", "phan", "phi", "phung", "quach", "quan",
        "quang", "rmah", "ro", "siu", "son", "ta", "tang", "thach", "thai", "than", "to", "ton", "tong",
        "tran",
        "trieu", "trinh", "truong", "tu", "ung", "van", "vi", "vo", "vu", "vuong", "y",
    )
)  # fmt: skip
_PARTICLES = frozenset(
    ("de", "van", "der", "den", "von", "da", "di", "la", "le", "bin", "al", "and", "&", "-")
)
_NO_NAMES = frozenset(
    (
        "agreed", "applied", "ack", "acked", "attached", "best", "bye", "cheers", "confirmed", "correct",
        "done",
        "enjoy", "exactly", "fine", "fixed", "good", "great", "hello", "hey", "hi", "hmm", "indeed", "lgtm",
        "maybe", "never", "no", "none", "nope", "ok", "okay", "perfect", "please", "probably", "received",
        "regards", "right", "same", "see", "seen", "sorry", "sure", "test", "thanks", "thx", "true",
        "welcome",
        "well", "works", "yep", "yes", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
        "sunday", "today", "tomorrow", "yesterday", "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december",
        "co", "khong", "chua", "roi", "xong", "vang", "da", "dung", "duoc", "dat", "tot", "kem", "het", "nhu",
        "bao", "cam", "gui", "nop", "tong", "cong", "hoan", "thanh", "ok", "oke",
    )
)  # fmt: skip
"""Words that stand alone in answers; a capital at their head makes no name of them."""

_TITLE = re.compile(
    r"(?:(?:q|quyen|kt|tl|tm) )?(?:pho )?(?:chu tich|chanh van phong|van thu|truong phong|giam doc|"
    r"bi thu|chuyen vien|"
    r"can bo|cong chuc|ke toan|truong ban|truong doan|doi truong|tram truong|hieu truong|cuc truong|"
    r"vu truong|vien truong|thu truong|thuong truc|uy vien|nhan vien|tham muu|nguoi (?:lap|bao cao|"
    r"gui|tong hop)|"
    r"chi huy|chinh tri vien|truong cong an|phong|chanh|ban)\b"
)
_ORGANISATION = re.compile(
    r"(?:ubnd|ub|uy ban nhan dan|hdnd|hoi dong nhan dan|van phong|phong|so|ban|dang uy|huyen uy|"
    r"tinh uy|thanh uy|"
    r"thi uy|cong an|bo chi huy|ban chi huy|don bien phong|trung tam|vien|truong|chi cuc|cuc|vu|tong cuc|"
    r"mttq|uy ban mttq|hoi|doan|lien doan|xa|phuong|thi tran|huyen|thi xa|thanh pho|tinh|cong ty|tap doan)\b"
)
_SIGNED = re.compile(r"\(?(?:da ky|ky ten|ky ten dong dau|da ky so|signed)\)?")
_OFFICE = re.compile(r"\s*(?:TM|KT|TL|TUQ|Q|T/M|K/T|T/L|TUN)[./]\s?(?:[A-ZĐÀ-Ỹ]{2,}[ ,./-]*){1,12}$")
_OFFICE_WORDED = re.compile(r"\s*(?:(?:TM|KT|TL)[./]|[TK]/[MTL]\b\.?)\s?\S")
_FOR_OFFICE = re.compile(r"(?:thua lenh|thua uy quyen|thay mat|ky thay)(?: \w+){1,7}")
_RECEIVERS = re.compile(r"noi nhan\b")
_PLACE_AND_DAY = re.compile(r"[a-z ]{2,40} ngay \d{1,2} (?:thang )?\d{1,2} (?:nam )?\d{4}")
_SENDER_LINE = re.compile(
    r"(?:nguoi (?:gui|bao cao|gui bao cao|lap|lap bieu)|can bo (?:phu trach|tong hop))\b"
)
_CONTACT = re.compile(
    r"(?:so )?(?:dt|sdt|dtdd|dien thoai|tel|telephone|phone|mobile|cell|mob|fax|hotline|di dong|dd|"
    r"zalo|email|"
    r"e mail|mail|mailto|website|web|dia chi|d c|address|skype|direct|office|ext|extn|lien he)\b"
)
_LETTERED_CONTACT = re.compile(r"\s*[TMEFWPDtmefwpd]\s?[.:]\s?(?=.*(?:\d{3}|@|www))[^)]")
_ADDRESS = re.compile(r"\s*<?[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}(?:\s?<[^<>]{1,200}>)?>?\s*")
_TELEPHONE = re.compile(r"\s*(?:[☎📞📱✆]\ufe0f?\s?)?\+?[\d(][\d ().-]{7,20}\d(?:\s?<[^<>]{1,200}>)?\s*")
_HOME_PAGE = re.compile(
    r"\s*<?(?:https?://|www\.)[^\s/<>]+(?:/[~@\w.-]{0,40})?/?>?(?:\s?<[^<>]{1,200}>)?\s*", re.IGNORECASE
)
_HAS_CONTACT = re.compile(r"\d{3}|@|www\.|://|:")
_DASHED = re.compile(r"\s*(?:[-–—~/]{1,2})\s?([^\W\d_][\w.'’ -]{0,40})$")
_OFFICE_BEHIND = re.compile(r"\s[-–—|]\s|,\s|\s?[()]|(?<=\w)\s(?=[A-ZĐ]{2,}\d)")
_INSERTED = re.compile(
    r"\s*(?:<<[^<>]{1,200}>>|\[(?:cid|image|logo|http)[^\]]{0,300}\]|"
    r"<[^<>]{1,150}\.(?:png|jpe?g|gif|bmp|docx?|xlsx?|pdf|zip|rar)>)\s*",
    re.IGNORECASE,
)
"""Where a program put a picture or a file."""
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent the mail, as far as From tells: what a line at the letter's end is compared with."""

    words: frozenset[str]

    @classmethod
    def of(cls, named: str) -> Sender:
        """From a name, an address, or both."""
        return cls(frozenset(fold(named).split()))

    def is_named(self, folded: str) -> bool:
        """Whether these words are all the sender's own name, or short for it: Alex for Alexander."""
        words = folded.split()
        if len(words) == 1 and len(folded) == 1:
            return any(word.startswith(folded) for word in self.words)
        return (
            1 <= len(words) <= 6
            and any(len(word) > 1 for word in words)
            and all(word in self.words or self._is_short(word) for word in words)
        )

    def has_initials(self, folded: str) -> bool:
        """Whether letters are the first of words of the sender's name: "TL" for Thi Lan."""
        return (
            2 <= len(folded) <= 4
            and folded.isalpha()
            and all(any(word.startswith(letter) for word in self.words) for letter in folded)
        )

    def _is_short(self, word: str) -> bool:
        return len(word) >= 3 and any(one.startswith(word) for one in self.words)


def is_inserted(text: str) -> bool:
    """Whether a program put a picture or a file here."""
    return _INSERTED.fullmatch(text) is not None


def is_office(text: str) -> bool:
    """Whether a signature in the form of Decree 30/2020 begins: "TM. ỦY BAN NHÂN DÂN", "Nơi nhận:"."""
    if _OFFICE.match(text) or (len(text) < 80 and _OFFICE_WORDED.match(text)):
        return True
    here = fold(text) if len(text) < 80 else ""
    if _FOR_OFFICE.fullmatch(here) and text.rstrip()[-1] not in ".,:;!?":
        return True
    return _RECEIVERS.match(here) is not None


def is_dashed_name(text: str) -> bool:
    """Whether the line is a name behind a dash: "-- Jan", "~Randy"."""
    dashed = _DASHED.match(text)
    return dashed is not None and len(dashed[1].split()) <= 3 and looks_like_name(dashed[1], small=True)


def looks_like_name(text: str, *, small: bool = False) -> bool:
    """Whether all words begin as names do; `small`: one word may be written without a capital."""
    words = text.strip(" \t.!*_-").split()
    return (
        1 <= len(words) <= 5
        and (
            (small and len(words) == 1 and words[0].isalpha() and len(words[0]) <= 12)
            or all(word[0].isupper() or word in _PARTICLES for word in words)
        )
        and not any(map(str.isdigit, text))
        and ":" not in text
    )


def is_lone_name(text: str) -> bool:
    """Whether the text is one word that can be somebody's name."""
    bare = text.strip(" \t.!*_")
    return (
        bare.isalpha() and 2 <= len(bare) <= 14 and bare[0].isupper() and bare[1:].islower()
        and fold(bare) not in _NO_NAMES
    )  # fmt: skip


def is_full_name(text: str, here: str) -> bool:
    """Whether the line is a Vietnamese name in full."""
    words = here.split()
    bare = text.strip(" .*_")
    return (
        2 <= len(words) <= 5
        and words[0] in _SURNAMES
        and len(bare.split()) == len(words)
        and all(word[0].isupper() for word in bare.split())
        and not any(map(str.isdigit, text))
    )


def is_contact(text: str, here: str) -> bool:
    """Whether the line tells how to reach somebody; an address with a path in it leads to something else."""
    if _ADDRESS.fullmatch(text) or _TELEPHONE.fullmatch(text) or _HOME_PAGE.fullmatch(text):
        return True
    if len(text) >= _LONGEST:
        return False
    return _LETTERED_CONTACT.match(text) is not None or bool(
        _CONTACT.match(here) and _HAS_CONTACT.search(text)
    )


def is_sender_line(text: str, here: str) -> bool:
    """Whether the line names who wrote: "Người gửi: …"."""
    return ":" in text and _SENDER_LINE.match(here) is not None


def is_attached(text: str, here: str) -> bool:
    """Whether the line belongs to a signature once a name stands in it: an office, a contact."""
    if not here or is_contact(text, here) or is_inserted(text) or _SIGNED.fullmatch(here):
        return True
    if len(text) >= _LONGEST or text.rstrip()[-1] in ".?!:;" or text.lstrip()[:1] in "-+*•":
        return False
    return (
        _TITLE.match(here) is not None
        or _ORGANISATION.match(here) is not None
        or _PLACE_AND_DAY.fullmatch(here) is not None
        or _OFFICE.match(text) is not None
    )


def looks_like_title(text: str) -> bool:
    """Whether the line is an office as English writes it, each long word with a capital."""
    words = [word for word in re.split(r"[\s,/()|]+", text) if len(word) > 3]
    return bool(words) and all(word[0].isupper() for word in words) and ":" not in text


def is_signed_line(text: str, here: str, sender: Sender) -> bool:
    """Whether the line names who wrote: in full, as From does, or with the office behind: "Lan - VHXH"."""
    if sender.is_named(here) or is_full_name(text, here):
        return True
    name, *rest = [part for part in _OFFICE_BEHIND.split(text.strip(" \t*_.")) if part.strip()] or [""]
    if len(text) >= 80 or not rest or not looks_like_name(name):
        return False
    folded = fold(name)
    known = sender.is_named(folded) or is_full_name(name, folded)
    if not known and not is_lone_name(name):
        return False
    return all(
        is_attached(one, fold(one)) or one.isupper() or (known and looks_like_title(one)) for one in rest
    )


def is_signature(block: Sequence[str], folded: Sequence[str], sender: Sender) -> bool:
    """Whether a last paragraph says only who wrote and how to reach them."""
    if any(len(line) >= _LONGEST for line in block):
        return False
    contacts = sum(1 for line, here in zip(block, folded, strict=True) if is_contact(line, here))
    signed = [is_signed_line(line, here, sender) for line, here in zip(block, folded, strict=True)]
    others = [
        line
        for line, here, name in zip(block, folded, signed, strict=True)
        if not name and not is_attached(line, here)
    ]
    named = signed[0]
    if not others:
        return any(signed) or (contacts > 0 and not _is_page(block))
    if contacts and contacts >= len(others):
        return all(_says_who(line) for line in others)
    weak = looks_like_name(block[0]) and len(block[0].split()) >= 2
    if named or weak:
        rest = [line for line in others if line != block[0]]
        known = all(map(_says_who if named else looks_like_title, rest))
        return known and len(rest) <= 8
    return False


def _is_page(block: Sequence[str]) -> bool:
    """Whether only an address in the web stands there, as the answer to something."""
    return len(block) == 1 and "://" in block[0] and "@" not in block[0]


def _says_who(line: str) -> bool:
    """Whether a line can stand in a signature: short, and no sentence of a letter."""
    return len(line) < 80 and line.rstrip()[-1] not in ".?!:;,"
