"""The words that people read in Prefect's UI, by locale; a pass's own sentences come with its view."""

from __future__ import annotations

from flows.shell.showing.view import TaskStanding
from flows.speech import counted

DEFAULT_LOCALE = "vi"

_CATALOGUE: dict[str, dict[str, str]] = {
    "vi": {
        TaskStanding.NO_REPORT: "Không yêu cầu báo cáo",
        TaskStanding.NOT_YET: "Chưa đến kỳ",
        TaskStanding.WAITING: "Chờ nhiệm vụ trước",
        TaskStanding.OPEN: "Chờ báo cáo",
        TaskStanding.OVERDUE: "Có báo cáo quá hạn",
        TaskStanding.DONE: "Đủ báo cáo",
        TaskStanding.MISSING: "Đã khép, còn thiếu",
        "node": "{title}",
        "node-counted": "{title} · {reported}/{owed}",
        "flow": "{number} {title}",
        "run": "{number} {issuer} · {cycle}",
        "failed": "Lượt chạy dừng vì lỗi: {error}",
        "pass": "Lượt {pass_no}: {state}. {message}",
        "pass-mails": "Lượt {pass_no}: đã gửi {mails} thư. {state}. {message}",
        "tag": "đôn đốc",
        "deployment": (
            "**{number}** – {title}\n\n"
            "Cơ quan ban hành: {issuer}\n\n"
            "Mỗi lượt chạy là một kỳ báo cáo. Sơ đồ vẽ từng nhiệm vụ của kế hoạch; màu và tên trạng thái"
            " cho biết nhiệm vụ đó còn chờ, quá hạn hay đã đủ báo cáo. Mục *Artifacts* có bảng theo dõi,"
            " tiến độ và kết quả tổng hợp đến lúc này.\n\n"
            "Lượt chạy ở trạng thái tạm dừng là bình thường: hệ thống tự chạy tiếp khi đến hạn nhắc việc"
            " hoặc khi có báo cáo gửi về. Nút *Cancel* dừng việc đôn đốc của kỳ đó.\n\n"
            "Các nhiệm vụ:\n\n{tasks}"
        ),
        "deployment-task": "1. {title}",
        "sheet-key": "bang-theo-doi",
        "progress-key": "tien-do",
        "result-key": "ket-qua",
        "sheet": "Bảng theo dõi · {number} · {cycle}",
        "progress": "Tiến độ · {number} · {cycle}: {message}",
        "result": "Kết quả tổng hợp · {number} · {cycle}",
        "empty": "Chưa có báo cáo nào.",
        "cancelled": "Người theo dõi đã hủy lượt chạy trong giao diện Prefect",
        "foreign": "Lượt chạy này không thuộc kế hoạch nào; nhóm “{pool}” chỉ dành cho các kế hoạch",
    },
    "en": {
        TaskStanding.NO_REPORT: "No report asked",
        TaskStanding.NOT_YET: "Not yet due to open",
        TaskStanding.WAITING: "Waits for another task",
        TaskStanding.OPEN: "Waiting for reports",
        TaskStanding.OVERDUE: "Reports overdue",
        TaskStanding.DONE: "All reports in",
        TaskStanding.MISSING: "Closed with reports missing",
        "node": "{title}",
        "node-counted": "{title} · {reported}/{owed}",
        "flow": "{number} {title}",
        "run": "{number} {issuer} · {cycle}",
        "failed": "This pass stopped at an error: {error}",
        "pass": "Pass {pass_no}: {state}. {message}",
        "pass-mails": "Pass {pass_no}: {mails:mail|mails} sent. {state}. {message}",
        "tag": "dondoc",
        "deployment": (
            "**{number}** – {title}\n\n"
            "Issued by: {issuer}\n\n"
            "Each run is one reporting period. The graph draws every task of the plan; colour and state name"
            " say whether it still waits, is overdue or has all its reports. *Artifacts* holds the tracking"
            " sheet, the progress and the consolidated result so far.\n\n"
            "A paused run is as it should be: it goes on by itself when a reminder is due or a report"
            " arrives. *Cancel* stops the chasing of that period.\n\n"
            "Tasks:\n\n{tasks}"
        ),
        "deployment-task": "1. {title}",
        "sheet-key": "tracking-sheet",
        "progress-key": "progress",
        "result-key": "result",
        "sheet": "Tracking sheet · {number} · {cycle}",
        "progress": "Progress · {number} · {cycle}: {message}",
        "result": "Consolidated result · {number} · {cycle}",
        "empty": "No report yet.",
        "cancelled": "The run was cancelled in Prefect's UI",
        "foreign": "This run belongs to no plan; the pool “{pool}” is for plans alone",
    },
}


def say(key: str, *, locale: str = DEFAULT_LOCALE, **values: object) -> str:
    """The sentence of that key in that locale, its places filled in."""
    return _CATALOGUE[locale][key].format(**counted(values))
