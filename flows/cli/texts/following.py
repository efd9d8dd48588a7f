"""What `serve`, `status` and `demo` say."""

EN = {
    "serve": "Follow the applied plans on this machine: send, receive, remind, escalate. Ctrl-C ends it.",
    "status": "Show where every plan and period stands.",
    "demo": "Play a reporting year of the five example plans, with real mail and a fast clock.",
    "keep": "Leave everything running after the end, to look at; Ctrl-C ends it.",
    "home": "Where the demo keeps its files; by default a new temporary folder.",
    "no_plans": "No plan has been applied yet. Next: dondoc check, then dondoc apply.",
    "status_wide": "Plan, period|Owed|On time|Late|Open|Overdue|Missing|Rungs|State|Next",
    "status_narrow": "Plan, period|Owed|On time|Late|Open|Overdue|Missing|Next",
    "mails": "Mails: {mails}. Incoming mails that wait for a person: {unplaced}.",
    "to_decide": "What agencies ask for and nobody has decided: {count}. Look: dondoc inbox",
    "troubled": "Mails that were refused, or may not have arrived: {count}. Look: dondoc inbox",
    "state_planned": "not begun",
    "state_active": "under way",
    "state_ended": "ended",
    "state_stopped": "stopped",
    "state_past": "past, not asked",
}

VI = {
    "serve": "Theo dõi các kế hoạch trên máy này: gửi, nhận, nhắc việc, báo cấp trên. Ctrl-C để dừng.",
    "status": "Cho biết tình hình từng kế hoạch, từng kỳ báo cáo.",
    "demo": "Diễn một năm báo cáo của năm kế hoạch mẫu, thư thật, đồng hồ chạy nhanh.",
    "keep": "Để mọi thứ chạy tiếp sau khi diễn xong để xem; Ctrl-C để dừng.",
    "home": "Nơi bản diễn để tệp; mặc định là một thư mục tạm mới.",
    "no_plans": "Chưa có kế hoạch nào. Tiếp theo: dondoc check, rồi dondoc apply.",
    "status_wide": "Kế hoạch, kỳ báo cáo|Phải nộp|Đúng hạn|Muộn|Trong hạn|Quá hạn|Thiếu|Nấc|Tình trạng|Kế tiếp",
    "status_narrow": "Kế hoạch, kỳ|Phải nộp|Đúng hạn|Muộn|Trong hạn|Quá hạn|Thiếu|Kế tiếp",
    "mails": "Thư đi: {mails}. Thư đến chờ người xem: {unplaced}.",
    "to_decide": "Đề nghị của đơn vị chưa được quyết định: {count}. Xem: dondoc inbox",
    "troubled": "Thư đi bị từ chối, hoặc chưa rõ đã đến nơi: {count}. Xem: dondoc inbox",
    "state_planned": "chưa bắt đầu",
    "state_active": "đang thực hiện",
    "state_ended": "đã kết thúc",
    "state_stopped": "đã dừng",
    "state_past": "đã qua, không hỏi",
}
