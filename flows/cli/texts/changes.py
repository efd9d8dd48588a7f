"""What is told of changes to the ledger."""

EN = {
    "changes_plan_new": "{number} ({plan}): a new plan",
    "changes_plan_changed": "{number} ({plan}): changed",
    "changes_plan_same": "{number} ({plan}): the same content",
    "changes_plan_noted": "{number} ({plan}): a new version is noted; it concerns no period",
    "changes_cycle_new": "  + {name}: new, reports owed: {owed}, due {due}",
    "changes_cycle_changed": "  ~ {name}: not begun, set up again",
    "changes_cycle_dropped": "  - {name}: not begun, dropped (reports: {owed})",
    "changes_cycle_running": "  ~ {name}: UNDER WAY, changed",
    "changes_cycle_kept": "  ! {name}: under way, KEPT as promised; to change it, add --change-running",
    "changes_cycles_past": "  · over before coming into the ledger, not asked for: {names}; add "
    "--with-past if they should be",
    "changes_opened": "      + {who}: {task}: will be asked, due {due}",
    "changes_opened_moved": "      + {who}: {task}: the due date {planned} has passed or is too "
    "near: asked at once, with the new date {due}",
    "changes_re-dated": "      ~ {who}: {task}: due {was} → {due}",
    "changes_withdrawn": "      - {who}: {task}: no longer owes it",
    "changes_answered": "      = {who}: {task}: settled, left as it is",
    "changes_past": "      · {who}: {task}: the due date {due} had passed before it came "
    "into the ledger: not asked (--with-past if it should be)",
    "changes_told": "; a letter says so",
    "changes_otherwise": "      ~ all else as the new version says (titles, forms, mailboxes, "
    "how it is chased)",
    "changes_next": "      next: {next} {at}",
    "changes_now_and_next": "      mails at once: {n}; next: {next} {at}",
    "changes_now": "      mails at once: {n}",
    "changes_and_more": "{names} and {n} more",
    "changes_and_more_cycles": "{names} and {n} more",
    "changes_range": "{first} – {last}",
    "changes_gone": "In the ledger, not in these files (or in one with errors), going on "
    "as they are: {plans}",
    "changes_nothing": "Nothing to change ({same:plan stays as it is|plans stay as they are}).",
    "changes_summary": "Plans: {new} new, {changed} changed, {same} as they are. Mails at once: {letters}.",
    "changes_no_letters": "none",
    "changes_how": "To do exactly this: dondoc apply{paths} --plan {token}",
    "changes_applied": "Recorded. Mails that go out as soon as dondoc serve runs: {letters}. "
    "Next: dondoc serve",
    "changes_channel": "Notices for the channel {channel} go by mail alone until {variable} (or {variable}_FILE) is set where `dondoc serve` runs.",
    "changes_waiting": "Periods under way kept as promised: {n}; see dondoc plan --change-running",
    "changes_ask": "Change the periods under way (marked with !: {n}) as well?",
    "changes_left_out": "Plans with errors were left out; the others count.",
}

VI = {
    "changes_plan_new": "{number} ({plan}): kế hoạch mới",
    "changes_plan_changed": "{number} ({plan}): có thay đổi",
    "changes_plan_same": "{number} ({plan}): nội dung như cũ",
    "changes_plan_noted": "{number} ({plan}): ghi nhận bản mới, không ảnh hưởng đến kỳ báo cáo nào",
    "changes_cycle_new": "  + {name}: kỳ mới, {owed} báo cáo, hạn {due}",
    "changes_cycle_changed": "  ~ {name}: chưa bắt đầu, lập lại theo bản mới",
    "changes_cycle_dropped": "  - {name}: chưa bắt đầu, bỏ ({owed} báo cáo)",
    "changes_cycle_running": "  ~ {name}: ĐANG THỰC HIỆN, đổi theo bản mới",
    "changes_cycle_kept": "  ! {name}: đang thực hiện, GIỮ NGUYÊN; muốn đổi như dưới đây, thêm "
    "--change-running",
    "changes_cycles_past": "  · đã qua hạn trước khi đưa vào sổ, không đề nghị báo cáo: {names}; "
    "nếu vẫn cần, thêm --with-past",
    "changes_opened": "      + {who}: {task}: đề nghị báo cáo, hạn {due}",
    "changes_opened_moved": "      + {who}: {task}: hạn {planned} đã qua hoặc quá gần, sẽ đề nghị "
    "báo cáo ngay với hạn mới {due}",
    "changes_re-dated": "      ~ {who}: {task}: hạn {was} → {due}",
    "changes_withdrawn": "      - {who}: {task}: không phải báo cáo nữa",
    "changes_answered": "      = {who}: {task}: đã có kết quả, giữ nguyên",
    "changes_past": "      · {who}: {task}: hạn {due} đã qua trước khi đưa vào sổ, không "
    "đề nghị (nếu vẫn cần, thêm --with-past)",
    "changes_told": "; gửi thư báo",
    "changes_otherwise": "      ~ các nội dung khác cũng theo bản mới (tên, biểu mẫu, địa chỉ, cách đôn đốc)",
    "changes_next": "      tiếp theo: {next} {at}",
    "changes_now_and_next": "      gửi ngay {n} thư; tiếp theo: {next} {at}",
    "changes_now": "      gửi ngay {n} thư",
    "changes_and_more": "{names} và {n} đơn vị nữa",
    "changes_and_more_cycles": "{names} và {n} kỳ nữa",
    "changes_range": "{first} – {last}",
    "changes_gone": "Có trong sổ, không có trong các tệp này (hoặc tệp có lỗi), vẫn theo dõi như cũ: {plans}",
    "changes_nothing": "Không có gì để thay đổi ({same} kế hoạch như cũ).",
    "changes_summary": "Kế hoạch: {new} mới, {changed} thay đổi, {same} như cũ. Thư gửi ngay: {letters}.",
    "changes_no_letters": "không có",
    "changes_how": "Để làm đúng như trên: dondoc apply{paths} --plan {token}",
    "changes_applied": "Đã ghi vào sổ. Thư gửi ngay khi dondoc serve chạy: {letters}. Tiếp "
    "theo: dondoc serve",
    "changes_channel": "Tin cho kênh {channel} chỉ đi bằng thư cho đến khi đặt {variable} (hoặc {variable}_FILE) ở máy chạy `dondoc serve`.",
    "changes_waiting": "Số kỳ đang thực hiện được giữ nguyên: {n}; xem dondoc plan --change-running",
    "changes_ask": "Đổi cả các kỳ đang thực hiện (có dấu !, {n} kỳ)?",
    "changes_left_out": "Kế hoạch có lỗi được để lại; các kế hoạch khác vẫn được tính.",
}
