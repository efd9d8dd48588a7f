"""What the demo says while it plays, in Vietnamese and English."""

from __future__ import annotations

from flows.speech import LANGUAGE
from schemas.model import Language

_TEXTS: dict[Language, dict[str, str]] = {
    Language.EN: {
        "begin": "{plans} plans, their agencies simulated, everything else real. Files: {home}",
        "starting": "Starting dondoc serve: Prefect server, mail listener, ledger (about ten seconds) …",
        "ui": "Watch it in the Prefect UI: {url}",
        "bar": "{at}  {out} mails out, {back} answers in",
        "kept": "Everything stays up: {url} (files: {home}). Ctrl-C ends it.",
        "left": "The demo's files are left at {home}",
        "unsound": "the specs in {specs} have errors; see dondoc check {specs}",
        "strangers": "the demo's script names agencies that no directory has: {agencies}",
        "title": "How the reporting year ended",
        "columns": "Plan, period|Owed|In time|Late|Missing|Rungs climbed|Result landed in|As told",
        "mails": (
            "{out} mails sent ({twice} of them twice), {back} answers received, {unplaced} left to a person."
        ),
        "habits": (
            "Rungs climbed: rung:times. Late, silent, mistaken, absent, unreached and correcting agencies"
            " are scripted."
        ),
        "sound": "Every period ended as its script says, in {seconds} s.",
        "unsound_end": "{wrong} periods did not end as their script says ({seconds} s).",
    },
    Language.VI: {
        "begin": "{plans} kế hoạch; các đơn vị do máy đóng vai, mọi thứ khác là thật. Tệp: {home}",
        "starting": (
            "Đang khởi động dondoc serve: máy chủ Prefect, cổng nhận thư, sổ theo dõi (chừng mười giây) …"
        ),
        "ui": "Xem trên giao diện Prefect: {url}",
        "bar": "{at}  {out} thư đi, {back} thư trả lời",
        "kept": "Mọi thứ vẫn chạy: {url} (tệp: {home}). Ctrl-C để dừng.",
        "left": "Tệp của bản diễn được để lại tại {home}",
        "unsound": "các kế hoạch trong {specs} có lỗi; xem dondoc check {specs}",
        "strangers": "kịch bản nêu những đơn vị không có trong danh bạ: {agencies}",
        "title": "Kết quả năm báo cáo",
        "columns": "Kế hoạch, kỳ|Phải nộp|Đúng hạn|Muộn|Thiếu|Nấc đôn đốc|Kết quả nộp vào|Đúng kịch bản",
        "mails": (
            "{out} thư đã gửi ({twice} thư gửi hai lần), {back} thư trả lời, {unplaced} thư chờ người xem."
        ),
        "habits": (
            "Nấc đôn đốc: nấc:số lần. Đơn vị muộn, im lặng, ghi sai, đi vắng, mất liên lạc, đính chính"
            " là theo kịch bản."
        ),
        "sound": "Mọi kỳ báo cáo kết thúc đúng kịch bản, trong {seconds} giây.",
        "unsound_end": "{wrong} kỳ báo cáo không kết thúc đúng kịch bản ({seconds} giây).",
    },
}


def say(key: str, **values: object) -> str:
    """A sentence in the language of whoever watches."""
    return _TEXTS[LANGUAGE][key].format(**values)
