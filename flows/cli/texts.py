"""What the command says, in Vietnamese and English by the locale of whoever types."""

from __future__ import annotations

from flows.speech import LANGUAGE
from schemas.model import Language

_TEXTS: dict[Language, dict[str, str]] = {
    Language.EN: {
        "app": "Chase up the reports that plans ask for: by mail, with reminders, escalation and roll-up.",
        "check": "Check spec files: every mistake at once, with its place and what to do. Sends nothing.",
        "apply": "Put the plans into the ledger; from then on `dondoc serve` follows them.",
        "serve": "Follow the applied plans on this machine: send, receive, remind, escalate. Ctrl-C ends it.",
        "status": "Show where every plan and period stands.",
        "simulate": "Tell every mail of a plan in the order of time, without sending any.",
        "inbox": "List the incoming mails that a person must look at, or show one of them.",
        "demo": "Play a reporting year of the five example plans, with real mail and a fast clock.",
        "paths": "Files or folders with specs; by default the folder plan_specs (or DONDOC_SPECS).",
        "format": "How to print findings: text, json or github.",
        "json": "Print JSON, for other programs.",
        "plan": "The id of a plan, such as cau-ngang-99-2024.",
        "silent": "An agency that never answers; may be given several times; `all` for nobody answers.",
        "specs": "Where the specs are; by default plan_specs (or DONDOC_SPECS).",
        "number": "The number of a mail, to read it.",
        "keep": "Leave everything running after the end, to look at; Ctrl-C ends it.",
        "home": "Where the demo keeps its files; by default a new temporary folder.",
        "clean": "{files} files, {plans} plans: nothing to mend.",
        "found": "{errors} errors, {warnings} warnings in {files} files.",
        "left_out": "Plans with errors were left out; the others are applied.",
        "applied_new": "{plan}: new, {cycles} periods",
        "applied_changed": (
            "{plan}: changed, {cycles} periods set up again, {kept} under way or past kept as they were"
        ),
        "applied_same": "{plan}: no change",
        "next_serve": "Next: dondoc serve",
        "no_plans": "No plan has been applied yet. Next: dondoc check, then dondoc apply.",
        "unknown_plan": 'no sound plan "{plan}" in {specs}; there are: {plans}',
        "unknown_agency": 'the plan does not name an agency "{agency}"; it names: {agencies}',
        "inbox_empty": "No mail waits for a person.",
        "no_mail": "there is no mail number {number}",
        "status_columns": "Plan|Period|State|Owed|On time|Late|Open|Overdue|Missing|Rungs|Next",
        "simulate_columns": "When|Mail|To|About|Why",
        "inbox_columns": "No.|Received|From|Subject|Kind|Why a person",
        "mails": "Mails: {mails}. Incoming mails that wait for a person: {unplaced}.",
        "state_planned": "not begun",
        "state_active": "under way",
        "state_ended": "ended",
        "state_stopped": "stopped",
        "total": "{mails} mails",
    },
    Language.VI: {
        "app": "Đôn đốc báo cáo theo kế hoạch: đề nghị, nhắc việc qua thư, báo cấp trên và tổng hợp.",
        "check": "Kiểm tra tệp kế hoạch: nêu mọi lỗi một lần, kèm vị trí và cách sửa. Không gửi gì.",
        "apply": "Đưa các kế hoạch vào sổ theo dõi; sau đó `dondoc serve` sẽ thực hiện.",
        "serve": "Theo dõi các kế hoạch trên máy này: gửi, nhận, nhắc việc, báo cấp trên. Ctrl-C để dừng.",
        "status": "Cho biết tình hình từng kế hoạch, từng kỳ báo cáo.",
        "simulate": "Kể trước mọi thư của một kế hoạch theo thứ tự thời gian, không gửi thư nào.",
        "inbox": "Liệt kê các thư đến cần người xem, hoặc xem một thư.",
        "demo": "Diễn một năm báo cáo của năm kế hoạch mẫu, thư thật, đồng hồ chạy nhanh.",
        "paths": "Tệp hoặc thư mục kế hoạch; mặc định là thư mục plan_specs (hoặc DONDOC_SPECS).",
        "format": "Cách in các lỗi: text, json hoặc github.",
        "json": "In ra JSON cho chương trình khác.",
        "plan": "Mã kế hoạch, ví dụ cau-ngang-99-2024.",
        "silent": "Đơn vị không bao giờ trả lời; ghi được nhiều lần; `all` là không ai trả lời.",
        "specs": "Nơi đặt các kế hoạch; mặc định là plan_specs (hoặc DONDOC_SPECS).",
        "number": "Số của thư cần xem.",
        "keep": "Để mọi thứ chạy tiếp sau khi diễn xong để xem; Ctrl-C để dừng.",
        "home": "Nơi bản diễn để tệp; mặc định là một thư mục tạm mới.",
        "clean": "{files} tệp, {plans} kế hoạch: không có gì phải sửa.",
        "found": "{errors} lỗi, {warnings} cảnh báo trong {files} tệp.",
        "left_out": "Kế hoạch có lỗi được để lại; các kế hoạch khác vẫn được đưa vào.",
        "applied_new": "{plan}: mới, {cycles} kỳ báo cáo",
        "applied_changed": (
            "{plan}: có thay đổi, lập lại {cycles} kỳ, giữ nguyên {kept} kỳ đã hoặc đang thực hiện"
        ),
        "applied_same": "{plan}: không thay đổi",
        "next_serve": "Tiếp theo: dondoc serve",
        "no_plans": "Chưa có kế hoạch nào. Tiếp theo: dondoc check, rồi dondoc apply.",
        "unknown_plan": 'không có kế hoạch "{plan}" hợp lệ trong {specs}; hiện có: {plans}',
        "unknown_agency": 'kế hoạch không nêu đơn vị "{agency}"; có các đơn vị: {agencies}',
        "inbox_empty": "Không có thư nào chờ người xem.",
        "no_mail": "không có thư số {number}",
        "status_columns": "Kế hoạch|Kỳ|Tình trạng|Phải nộp|Đúng hạn|Muộn|Trong hạn|Quá hạn|Thiếu|Nấc|Kế tiếp",
        "simulate_columns": "Thời điểm|Thư|Gửi đến|Về việc|Lý do",
        "inbox_columns": "Số|Nhận lúc|Người gửi|Tiêu đề|Loại|Vì sao cần người xem",
        "mails": "Thư đi: {mails}. Thư đến chờ người xem: {unplaced}.",
        "state_planned": "chưa bắt đầu",
        "state_active": "đang thực hiện",
        "state_ended": "đã kết thúc",
        "state_stopped": "đã dừng",
        "total": "{mails} thư",
    },
}


def say(key: str, **values: object) -> str:
    """A sentence in the language of whoever types."""
    return _TEXTS[LANGUAGE][key].format(**values)
