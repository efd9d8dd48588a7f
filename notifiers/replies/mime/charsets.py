"""Charsets of Vietnamese offices that Python does not know: TCVN3, VISCII and VNI.

Mail in them is often labelled as something else. So the label is believed only until another charset makes
clearly more Vietnamese of the same octets.
"""

from __future__ import annotations

import re
import unicodedata

_TCVN3 = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
    "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
"""TCVN 5712:1993, which the fonts .VnTime and the like follow, from octet 0x80 on."""
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
"""RFC 1456, from octet 0x80 on."""
_VISCII_LOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}

_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_BREVES = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_HATS = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_ALONE = {"ñ": "đ", "Ñ": "Đ", "í": "í", "Í": "Í", "ì": "ì", "Ì": "Ì", "æ": "ỉ", "Æ": "Ỉ", "ó": "ĩ",
              "Ó": "Ĩ", "ò": "ị", "Ò": "Ị",
              "î": "ỵ", "Î": "Ỵ", "ô": "ơ", "Ô": "Ơ", "ö": "ư", "Ö": "Ư"}  # fmt: skip
_VNI = re.compile(r"([aeouyAEOUYôöÔÖ])([ùøûõïÙØÛÕÏêéèúüëÊÉÈÚÜËâáàåãäÂÁÀÅÃÄ])|([ñÑíÍìÌæÆóÓòÒîÎôÔöÖ])")

_NAMES = {
    "viscii": "viscii", "csviscii": "viscii", "viscii1.1-1": "viscii",
    "tcvn": "tcvn3", "tcvn3": "tcvn3", "tcvn-5712": "tcvn3", "tcvn5712-1": "tcvn3", "x-viet-tcvn": "tcvn3",
    "x-viet-tcvn3": "tcvn3", "x-viet-tcvn5712": "tcvn3", "abc": "tcvn3",
    "vni": "vni", "x-viet-vni": "vni", "x-vni": "vni", "vni-windows": "vni",
}  # fmt: skip
_COMMON = frozenset(
    (
        "báo", "cáo", "của", "và", "các", "không", "được", "xã", "số", "kính", "gửi", "đã", "người",
        "có", "là", "tổ", "chức", "thực", "hiện", "buổi", "lượt", "phòng", "văn", "hóa", "ủy", "ban",
        "nhân", "dân", "đơn", "vị", "kết", "quả", "bài", "trân", "trọng", "huyện", "tỉnh", "ngày",
        "năm", "tháng", "đề", "nghị", "hội", "tuyên", "truyền", "việc", "công", "tác", "nhiệm", "vụ",
        "chưa", "cảm", "ơn", "với", "đối", "ngoại",
    )
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 6000


def vietnamese_codec(name: str) -> str | None:
    """Which of the charsets here a label names; None for all others."""
    return _NAMES.get(name.strip().lower())


def decode_vietnamese(octets: bytes, codec: str) -> str:
    """The text of octets in one of the charsets here. Never fails."""
    plain = octets.decode("latin-1")
    if codec == "viscii":
        return plain.translate(_OF_VISCII)
    if codec == "tcvn3":
        return plain.translate(_OF_TCVN3)
    return _VNI.sub(_of_vni, octets.decode("cp1252", "replace"))


def recovered(text: str, octets: bytes) -> str:
    """`text`, or what the octets say in a charset here when that is clearly more Vietnamese."""
    believed = _score(text)
    best = max(
        ("tcvn3", "vni", "viscii"), key=lambda one: _score(decode_vietnamese(octets[:_LOOKED_AT], one))
    )
    if _score(decode_vietnamese(octets[:_LOOKED_AT], best)) >= believed + 2:
        return decode_vietnamese(octets, best)
    return text


def _of_vni(found: re.Match[str]) -> str:
    letter, mark, alone = found.groups()
    if alone:
        return _VNI_ALONE[alone]
    base = _VNI_ALONE.get(letter, letter)
    told = mark.lower()
    if told in _TONES:
        return base + _TONES[told]
    if told in _BREVES and letter in "aA":
        return base + "\u0306" + _BREVES[told]
    if told in _HATS and letter in "aeoAEO":
        return base + "\u0302" + _HATS[told]
    return base + _VNI_ALONE.get(mark, mark)


def _score(text: str) -> int:
    """How many words of it are common in Vietnamese, those without accents not counted."""
    words = _WORD.findall(unicodedata.normalize("NFC", text[:_LOOKED_AT]).lower())
    return sum(1 for word in words if word in _COMMON and not word.isascii())


_OF_TCVN3 = {0x80 + place: letter for place, letter in enumerate(_TCVN3)}
_OF_VISCII = {**{0x80 + place: letter for place, letter in enumerate(_VISCII)}, **_VISCII_LOW}
