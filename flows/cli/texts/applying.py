"""What `plan`, `apply` and `simulate` say."""

EN = {
    "apply": "Put the plans into the ledger; from then on `dondoc serve` follows them.",
    "plan_command": "Tell what `dondoc apply` would change, and which mails would follow.",
    "change_running": "Also change periods under way, which otherwise keep what was promised.",
    "with_past": "Also ask for reports whose due date had passed before the plan came into the ledger.",
    "exit_code": "End with status 3 when something would change, for scripts.",
    "token": "Do exactly what `dondoc plan` showed under this token, or nothing.",
    "token_alone": "--plan TOKEN stands for the options that `dondoc plan` was given; leave them out",
    "simulate": "Tell every mail of a plan in the order of time, without sending any.",
    "silent": "An agency that never answers; may be given several times; `all` for nobody answers.",
    "simulate_ask": "Also ask for a report on demand, due on that day: phat-thanh=12/3/2027.",
    "simulate_waiting": "Asked for only on demand, and not counted here: {tasks} (--ask TASK=DATE, or dondoc ask {plan}).",
    "unknown_agency": 'the plan does not name an agency "{agency}"; it names: {agencies}',
    "simulate_columns": "When|Mail|About|To|Why",
    "total": "{mails} mails",
}

VI = {
    "apply": "Đưa các kế hoạch vào sổ theo dõi; sau đó `dondoc serve` sẽ thực hiện.",
    "plan_command": "Cho biết `dondoc apply` sẽ thay đổi gì và thư nào sẽ gửi theo. Không thay đổi gì.",
    "change_running": "Đổi cả các kỳ đang thực hiện; nếu không, các kỳ này giữ nguyên như đã đề nghị.",
    "with_past": "Đề nghị cả những báo cáo đã qua hạn trước khi kế hoạch được đưa vào sổ.",
    "exit_code": "Kết thúc với mã 3 nếu có thay đổi, dùng cho chương trình khác.",
    "token": "Làm đúng như `dondoc plan` đã nêu với mã này, hoặc không làm gì.",
    "token_alone": "--plan MÃ đã bao gồm các tùy chọn của lần dondoc plan đó; hãy bỏ các tùy chọn này",
    "simulate": "Kể trước mọi thư của một kế hoạch theo thứ tự thời gian, không gửi thư nào.",
    "silent": "Đơn vị không bao giờ trả lời; ghi được nhiều lần; `all` là không ai trả lời.",
    "simulate_ask": "Đề nghị thêm một báo cáo đột xuất, hạn vào ngày đó: phat-thanh=12/3/2027.",
    "simulate_waiting": "Chỉ báo cáo khi có đề nghị đột xuất, chưa tính ở đây: {tasks} (--ask NHIỆM_VỤ=NGÀY, hoặc dondoc ask {plan}).",
    "unknown_agency": 'kế hoạch không nêu đơn vị "{agency}"; có các đơn vị: {agencies}',
    "simulate_columns": "Thời điểm|Thư|Về việc|Gửi đến|Lý do",
    "total": "{mails} thư",
}
