"""Who says that somebody else answers for the report, and whom they name."""

from __future__ import annotations

import re

from notifiers.replies.shorthand import written_out

_MATTER = r"(?:nhiem vu|thong tin|noi dung|viec|bao cao|phan|mang|linh vuc|cong viec|cong tac|van de)"
_OFFICE = (
    r"(?:phong|so|ban|trung tam|ubnd|uy ban|xa|phuong|cong an|don|van phong|chi cuc|ben|anh|chi|"
    r"dong chi|d c|ong|"
    r"ba|co|chu|bo phan|ban chi huy|huyen|tinh|doan|hoi|mat tran|vien)"
)
_NOT_OURS = re.compile(
    r"\bkhong (?:thuoc|nam trong)(?: \w+){0,3} (?:tham quyen|trach nhiem|chuc nang|nhiem vu|linh vuc|"
    r"pham vi|phan viec)|"
    r"\bkhong (?:con )?(?:phu trach|theo doi|quan ly|chu tri|tham muu|dam nhiem)\b|"
    r"\bkhong phai (?:la )?(?:viec|nhiem vu|trach nhiem|phan viec|chuc nang)|"
    rf"\b(?:chu tri|phu trach|bao cao) chu khong phai\b|\bthay (?:toi|em|minh) (?:theo doi|phu trach|"
    rf"lam|nhan)|"
    rf"\b{_MATTER}(?: \w+){{1,8}} (?:nam|lam|lo|phu trach|theo doi|chu tri) (?:khong phai|(?:de nghi|"
    rf"nen|anh|chi)(?: \w+)? "
    rf"(?:gui|chuyen|lien he))\b|"
    r"\b(?:nghi huu|nghi viec|chuyen cong tac|chuyen don vi|thoi giu chuc)\b(?: \w+){0,10} (?:gui|"
    r"chuyen|lien he)\b|"
    rf"\b{_MATTER}(?: \w+){{0,4}} (?:do|thuoc) (?:\w+ ){{1,9}}(?:chu tri|phu trach|dam nhiem|quan ly|"
    rf"theo doi)\b|"
    r"\bgui nham (?:roi|don vi|dia chi|nguoi|co quan)\b|"
    r"\bda (?:sap nhap|hop nhat|giai the|nhap vao)\b|"
    r"\b(?:not|isn t|no longer)(?: \w+){0,3} (?:responsib|in charge|our task|our remit)|"
    r"\b(?:is|falls|lies|are)(?: \w+){0,3} (?:handled by|responsibility of|dealt with by|taken care of by)"
)
_HANDED = re.compile(
    rf"\b{_MATTER}(?: \w+){{0,3}} (?:nay |tren )?(?:hien |nay )?(?:thuoc|do|giao cho|da giao(?: cho)?|"
    r"da chuyen (?:cho|sang)|duoc giao cho|da phan cong(?: cho)?)\b|"
    r"\b(?:da|xin|xin phep|kinh|se|dang|toi|xa|minh|em) (?:chuyen|ban giao|giao|phan cong|"
    r"uy quyen)(?: \w+){0,6} (?:cho|sang|den|toi|qua|ve) |"
    r"\b(?:de nghi|vui long|xin|kinh de nghi|mong|anh|chi)(?: \w+){0,4} "
    rf"(?:lien he|trao doi|lam viec|gui|chuyen)(?: voi)? {_OFFICE} (?!mem|giay|cung|chinh|sao|word|hanh)|"
    r"\b(?:de nghi|vui long|xin|kinh de nghi|mong)(?: \w+){0,4} (?:lien he|gui|chuyen|trao doi|"
    r"lam viec)(?: \w+){0,5} (?:den|cho|sang|voi|toi|qua) |"
    r"\b(?:has|have|had|was|been|am|are|is|ve|will be)(?: \w+){0,3} (?:forward|pass|hand|delegat|"
    r"transfer|assign)(?:ed|ing)(?: \w+){0,4} (?:to|over to|on to) |"
    r"\bplease (?:contact|direct|address|send|forward|ask|write to)(?: \w+){0,6}"
)
_WITHIN = re.compile(
    r"\b(?:giao|chuyen|phan cong|trinh|bao cao)(?: \w+){0,2} (?:bo phan|lanh dao|chuyen vien|can bo|"
    r"cong chuc|"
    r"chuyen mon|phong chuyen mon|tham muu|thu truong|chu tich|giam doc|sep)\b"
)
"""Whoever gives it to somebody in the own house still answers for it."""

_TAKEN = re.compile(
    r"\b(?:da|vua|moi|em|xa) (?:nhan|tiep nhan|ghi nhan)\b|\bse (?:\w+ ){0,3}(?:bao cao|phan hoi|gui)\b"
)
_SENT_TO = re.compile(
    r"(?<![Kk]ính )\b(?:gửi|liên hệ|chuyển|sang|contact|write to)(?: lại)?(?: (?:mail|"
    r"thư))?(?: (?:cho|sang|đến|với))?\s"
)
_TO_WHOM = re.compile(r"\b(?:cho|sang|đến|tới|với|qua|về|thuộc|do|của|vào|to|contact|by|of)\s")
_HONORIFICS = ("bên", "anh", "chị", "đồng", "chí", "đ/c", "ông", "bà", "bộ", "phận", "the", "cô", "chú", "em")
_STOPS = frozenset(
    (
        "để", "thực", "phụ", "chủ", "tham", "trả", "báo", "xử", "theo", "là", "vào", "từ", "sẽ", "đã",
        "có", "nhé",
        "ạ", "đảm", "quản", "nắm", "làm", "giải", "for", "who", "which", "is", "will", "on", "in", "at",
        "nha",
    )
)  # fmt: skip
_MOST_WORDS = 12


def says_not_ours(folded: str) -> bool:
    """Whether the sender says outright that the report is another's."""
    return _NOT_OURS.search(folded) is not None


def hands_over(folded: str) -> bool:
    """Whether the report is passed to another agency; passing it on inside the house is none of that."""
    if _HANDED.search(folded) is None:
        return False
    return _WITHIN.search(folded) is None or _TAKEN.search(folded) is None


def to_whom(text: str, folded: str) -> str | None:
    """Who shall answer instead, as the sender names them; looked for from where the handing over is said."""
    found = _NOT_OURS.search(folded) or _HANDED.search(folded)
    rest = _from(text, folded, found.start() if found else 0)
    places = [
        *((text, one) for one in _SENT_TO.finditer(text)),
        *((rest, one) for one in _TO_WHOM.finditer(rest)),
    ]
    return next((named for where, one in places if (named := _name(where[one.end() :]))), None)


def _name(text: str) -> str | None:
    """The name that a text begins with: a capital behind words of address, up to a word that goes on."""
    taken: list[str] = []
    named = False
    for word in text.split()[:_MOST_WORDS]:
        bare = word.strip(",.;:!?()<>")
        if not named and bare.casefold() in _HONORIFICS and bare.islower():
            taken.append(bare)
            continue
        if not bare or "@" in bare or (not named and not bare[0].isupper()) or bare.casefold() in _STOPS:
            break
        named = True
        taken.append(bare)
        if bare != word:
            break
    return " ".join(taken).removesuffix(" và").removeprefix("bên ") if named else None


def _from(text: str, folded: str, start: int) -> str:
    """The text from about where a place of the folded one is."""
    passed = len(folded[:start].split())
    seen = 0
    words = text.split()
    for at, word in enumerate(words):
        if seen >= passed:
            return " ".join(words[at:])
        seen += len(written_out(word).split())
    return ""
