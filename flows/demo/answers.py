"""Answers: what a simulated agency finds in a mail to fill in, and what it writes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from flows.core.calendar import WorkCalendar

_LINE = re.compile(r"^\s*(\d+)\.\s+(.{3,300}?):\s*$", re.MULTILINE)
_BLOCK = re.compile(r"^===== PHẦN TRẢ LỜI \(mã (\w+)\) =====$(.*?)^===== HẾT", re.MULTILINE | re.DOTALL)
_UNIT = re.compile(r"\(([^()]+)\)\s*$")
_OPTIONAL = "nếu có"

Questions = tuple[tuple[str, str], ...]
"""Number and label of each line to fill in."""


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What is answered to one of the reports that a mail asks for."""

    number: int
    token: str
    lines: tuple[tuple[str, str, str], ...]
    """Number, label and answer."""


def asked_in(code: str, text: str) -> dict[str, Questions]:
    """The lines to fill in, by the token of their report; without any, the mail is about that of its code."""
    blocks: dict[str, Questions] = {match[1]: _questions(match[2]) for match in _BLOCK.finditer(text)}
    return blocks or {code: ()}


def _questions(text: str) -> Questions:
    return tuple((match[1], match[2]) for match in _LINE.finditer(text))


def dice(seed: str, sides: int) -> int:
    """A number from 0 to sides - 1 that the same seed always gives."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6]) % sides


def value(agency: str, token: str, label: str, *, wrong: bool, again: bool) -> str:
    """What the agency writes behind a label: figures where a unit asks for them, else words."""
    seed = f"{agency}{label}"
    unit = _UNIT.search(label)
    if unit is None or _OPTIONAL in unit[1]:
        if _OPTIONAL in label:
            return ("", "Không", "Đề nghị bố trí thêm kinh phí tuyên truyền.")[dice(seed, 3)]
        return (
            "Đã tổ chức tuyên truyền trên hệ thống truyền thanh và trang thông tin điện tử.",
            "Hoàn thành các nội dung theo kế hoạch; phối hợp tốt với các đơn vị liên quan.",
            "Lồng ghép tuyên truyền tại các hội nghị, sinh hoạt chuyên đề của đơn vị.",
        )[dice(seed, 3)]
    if wrong:
        return "nhiều lắm"
    if "/" in unit[1]:
        return "Có" if "không" in unit[1] else f"{1 + dice(seed, 28)}/12/2023"
    figure = 3 + dice(seed + token, 60) + (5 if again else 0)
    if "đồng" in unit[1]:
        return f"{figure},5 {unit[1]}"
    if unit[1].strip() == "%":
        return f"{figure},5%"
    if "lượt" in unit[1]:
        figure = 1000 + 13 * figure
    return (str(figure), f"{figure} {unit[1]}", f"{figure:,}".replace(",", "."))[dice(seed, 3)]


def absence(calendar: WorkCalendar, now: datetime, *, days: int) -> str:
    """An automatic answer of somebody who is back after so many working days."""
    back = calendar.day_of(now)
    for _ in range(days):
        back = calendar.next_working_day(back)
    return (
        f"Tôi đi công tác, sẽ trở lại làm việc vào ngày {back:%d/%m/%Y}.\n"
        "Trường hợp cần gấp, đề nghị liên hệ Văn phòng.\n"
    )


def filled(agency: str, reports: list[Reported], asked: str, sent: str, *, correction: bool) -> str:
    """The answer as this agency's client writes it: above the quote, within it, or without any."""
    greeting = "Kính gửi Ban tổng hợp,\n"
    opening = "Đơn vị xin đính chính số liệu như sau:\n" if correction else "Đơn vị xin báo cáo như sau:\n"
    closing = "\nTrân trọng./.\nCán bộ tổng hợp\n"
    several = asked.count("===== PHẦN TRẢ LỜI") > 1 or "BÁO CÁO 1/" in asked
    quoted = "".join(f"> {line}\n" for line in asked.splitlines())
    style = dice(agency, 3)
    if style == 1 and not correction:
        for one in reports:
            quoted = _filled_in(quoted, one)
        below = "Đơn vị gửi số liệu ngay trong phần trả lời bên dưới."
        return f"{greeting}{below}{closing}\nVào {sent} Đôn đốc đã viết:\n{quoted}"
    block = ""
    for one in reports:
        heading = f"\nBáo cáo {one.number}:\n" if several else "\n"
        numbered = style != 2
        block += heading + "".join(
            f"{number}. {label}: {value}\n" if numbered else f"{_without_number(label)}: {value}\n"
            for number, label, value in one.lines
        )
    if style == 2:
        return f"{greeting}{opening}{block}{closing}"
    return f"{greeting}{opening}{block}{closing}\nVào {sent} Đôn đốc đã viết:\n{quoted}"


def _filled_in(quoted: str, report: Reported) -> str:
    """The quoted mail with the answers written behind the lines of a report's block."""
    before, mark, block = quoted.partition(f"(mã {report.token})")
    for number, label, value in report.lines:
        line = f"> {number}. {label}:"
        for empty in (f"{line} \n", f"{line}\n"):
            block = block.replace(empty, f"{line} {value}\n", 1)
    return before + mark + block


def _without_number(label: str) -> str:
    return _UNIT.sub("", label).strip()
