"""What the command says, in Vietnamese and English by the locale of whoever types; a file for each matter."""

from __future__ import annotations

from flows.cli.texts import (
    applying,
    asking,
    changes,
    checking,
    common,
    drafting,
    explaining,
    following,
    inbox,
    templates,
    usage,
    writing,
)
from flows.speech import LANGUAGE, counted
from schemas.model import Language

ROOMS = (
    applying,
    asking,
    changes,
    checking,
    common,
    drafting,
    explaining,
    following,
    inbox,
    templates,
    usage,
    writing,
)

_TEXTS: dict[Language, dict[str, str]] = {
    Language.VI: {key: text for room in ROOMS for key, text in room.VI.items()},
    Language.EN: {key: text for room in ROOMS for key, text in room.EN.items()},
}


def say(key: str, **values: object) -> str:
    """A sentence in the language of whoever types."""
    return _TEXTS[LANGUAGE][key].format(**counted(values))


_KINDS = {
    "request": "đề nghị",
    "reminder": "nhắc việc",
    "overdue": "quá hạn",
    "escalation": "đôn đốc",
    "missing": "thiếu báo cáo",
    "accepted": "đã nhận",
    "partly": "cần bổ sung",
    "refused": "chưa đọc được",
    "closed": "đã khép kỳ",
    "taken-over": "lấy kết quả",
    "petition": "đề nghị của đơn vị",
    "extended": "gia hạn",
    "declined": "không đồng ý",
    "handed-over": "chuyển đơn vị",
    "answered": "trả lời",
    "unreachable": "không gửi được",
    "resolved": "đã giải quyết",
}


def kind(name: str) -> str:
    """What a kind of mail is called; in English as the specs and JSON call it."""
    return _KINDS.get(name, name) if LANGUAGE is Language.VI else name


def inbox_kind(name: str) -> str:
    """What a kind of incoming mail is called."""
    return inbox.KINDS.get(name, name) if LANGUAGE is Language.VI else name


def inbox_reason(name: str) -> str:
    """Why a mail was placed as it is; what no catalogue knows is told as the ledger has it."""
    if LANGUAGE is not Language.VI:
        return name
    verdict, colon, clues = name.partition(": ")
    if verdict not in inbox.EVIDENCE:
        return inbox.REASONS.get(name, name)
    told = (inbox.EVIDENCE.get(one, one) for one in clues.replace(";", ",").split(", ")) if colon else ()
    return f"{inbox.EVIDENCE[verdict]}{colon}{', '.join(told)}"
