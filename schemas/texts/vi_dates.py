"""What is said in Vietnamese about dates (D3xx): for each code and variant, what is wrong and what to do."""

from __future__ import annotations

DATES = {
    "D300": (
        "{where}: không ghi kỳ báo cáo, cũng không ghi hạn: sẽ đề nghị báo cáo một lần, hạn là ngày cuối của kế hoạch ({day})",
        "thêm `every` (kỳ: quarter là quý, year là năm …) hoặc `due`; nếu đúng là một lần vào cuối kế hoạch, ghi `every: once`; không phải báo cáo thì `report: none`",
    ),
    "D301": (
        "{where}: hạn cuối là {due}, nhưng đến {cut_off} số liệu của kỳ mới chốt",
        "ghi ngày chốt riêng cho báo cáo này: `cut_off: {{by: {early}}}`; hoặc lùi hạn",
    ),
    "D301:own": (
        "{where}: hạn cuối là {due}, nhưng ngày chốt số liệu là {cut_off}",
        "ngày chốt số liệu phải trước hạn báo cáo, ví dụ `cut_off: {{by: {early}}}`",
    ),
    "D301:period": (
        "{where}: hạn cuối là {due}, nhưng kỳ báo cáo kéo dài đến hết {cut_off}",
        "hạn báo cáo phải sau ngày cuối của kỳ (`to`)",
    ),
    "D302": (
        '{where}: hạn là {due}, nhưng báo cáo của kế hoạch "{plan}" mà nó góp vào có hạn {theirs}',
        "cho báo cáo này hạn sớm hơn, hoặc báo cáo kia hạn muộn hơn",
    ),
    "D303": (
        "nhắc việc trước hạn {span}, sớm hơn lúc gửi đề nghị (trước hạn {opens})",
        "rút ngắn thời gian nhắc, hoặc kéo dài `opens`",
    ),
    "D304": (
        "{where}: {due} nằm ngoài thời gian của kế hoạch ({period})",
        "sửa ngày, hoặc sửa `period` của kế hoạch",
    ),
    "D305": ("{where}: kế hoạch kéo dài {period}: {day} của năm nào?", "ghi rõ năm: {guess_day}"),
    "D306": (
        "{where}: báo cáo nhiều kỳ (`every: {every}`), nhưng hạn chỉ là một ngày: {day}",
        "bỏ năm để dùng cho mọi năm: {example}",
    ),
    "D306:often": (
        "{where}: báo cáo nhiều kỳ (`every: {every}`), nhưng hạn chỉ là một ngày: {day}",
        "đếm từ ngày chốt số liệu của mỗi kỳ: `due: {{after_cut_off: {span}}}`",
    ),
    "D307": (
        "{where}: báo cáo nhiều lần một năm (`every: {every}`), nhưng hạn chỉ là một ngày trong năm: {day}",
        "đếm từ ngày chốt số liệu của mỗi kỳ: `due: {{after_cut_off: {span}}}`",
    ),
    "D308": (
        "{where}: ngày chốt số liệu không thể tính từ ngày chốt số liệu",
        "ghi `by: 20/11` hoặc `before: 21/11`",
    ),
    "D308:counted": (
        "{where}: ngày chốt số liệu phải là một ngày, không tính từ ngày khác",
        "ghi `by: 20/11` hoặc `before: 21/11`",
    ),
    "D309:order": ("{where}: nấc sau {span} nằm dưới nấc sau {above}", "xếp các nấc theo thứ tự thời gian"),
    "D309:closed": (
        "{where}: nấc sau {span} không bao giờ tới: báo cáo khép lại sau {closes}",
        "kéo dài `closes`, hoặc bỏ nấc này",
    ),
    "D310": (
        '{where}: hạn là {due}, nhưng phải chờ "{task}" có hạn báo cáo {theirs}',
        "cho báo cáo này hạn muộn hơn, hoặc báo cáo kia hạn sớm hơn",
    ),
    "D311": (
        "{where}: báo cáo theo các kỳ riêng của kế hoạch, nhưng kế hoạch không liệt kê kỳ nào",
        "liệt kê trong `plan`: `periods: [{{id: dot-1, name: Đợt 1, from: …, to: …}}]`",
    ),
    "D312": (
        "kế hoạch liệt kê các kỳ riêng, nhưng không báo cáo nào theo các kỳ đó",
        "ghi `every: listed` ở báo cáo, hoặc bỏ `periods`",
    ),
    "D313:task": (
        '{where}: tính từ nhiệm vụ "{name}", nhưng kế hoạch không yêu cầu nhiệm vụ đó báo cáo theo kỳ {every}',
        "ghi nhiệm vụ có cùng kỳ báo cáo, hoặc ghi ngày",
    ),
    "D313:parent": (
        "{where}: tính từ hạn báo cáo cấp trên, nhưng không văn bản cấp trên nào yêu cầu báo cáo theo kỳ {every}",
        "ghi nhiệm vụ cấp trên: `implements: [{{plan: …, task: …}}]`; hoặc ghi ngày",
    ),
    "D314": (
        '{where}: hạn là {due}, khép lại sau {closes}, không trước {closed}; báo cáo của kế hoạch "{plan}" mà nó góp vào có hạn {theirs}',
        "nếu có đơn vị không trả lời thì kết quả tổng hợp về quá muộn: cho báo cáo này hạn sớm hơn, rút ngắn `closes` của chính sách đôn đốc, hoặc cho báo cáo kia hạn muộn hơn",
    ),
    "D314:counted": (
        '{where}: hạn trước hạn báo cáo cấp trên {span}, nhưng sau hạn {closes} mới khép lại, khi kế hoạch "{plan}" đã đến hạn',
        "nếu có đơn vị không trả lời thì kết quả tổng hợp về quá muộn: cho `before_parent` dài hơn {closes}, hoặc rút ngắn `closes` của chính sách đôn đốc",
    ),
    "D315": (
        "{where}: kế hoạch kéo dài {period}, trong đó không có kỳ {every} nào kết thúc: không ai phải báo cáo",
        "ghi kỳ ngắn hơn, ghi `every: once` với `due`, hoặc sửa `period` của kế hoạch",
    ),
    "D315:since": (
        "{where}: báo cáo từ kỳ kết thúc sau {day}, nhưng kỳ cuối của kế hoạch kết thúc {last}: không ai phải báo cáo",
        "sửa `since`, hoặc sửa `period` của kế hoạch",
    ),
    "D316": (
        "{where}: hạn cuối là {day}, một ngày nghỉ; hạn vẫn giữ nguyên",
        "nếu cần nhận báo cáo trong ngày làm việc thì ghi ngày làm việc liền trước: {before}",
    ),
    "D317": (
        "{where}: đây là hạn hoàn thành, không phải hạn báo cáo: báo cáo định kỳ (`every: {every}`) theo hạn riêng của từng kỳ",
        "nếu phải báo cáo vào ngày này thì ghi `report: {{every: once}}`; nếu không thì để nguyên",
    ),
    "D318:over": (
        "{where}: thời gian thực hiện ({period}) đã hết trước ngày ban hành ({issued})",
        "sửa `period`, hoặc sửa `issued_on`; thường do chép từ kế hoạch năm trước",
    ),
    "D318:apart": (
        "{where}: ngày ban hành là {issued}, nhưng kế hoạch bắt đầu từ {start}",
        "xem lại năm của `issued_on` và của `period`",
    ),
    "D318:issued": (
        "{where}: hạn cuối là {day}, trước cả ngày ban hành kế hoạch ({issued})",
        "sửa ngày, hoặc sửa `issued_on`",
    ),
    "D318:year": ("{where}: {day}: năm này khó có thể đúng", "xem lại năm"),
    "D319:before": (
        '{where}: văn bản ghi "trước ngày {day}", tức là không kể ngày {day}, nhưng `by` thì kể cả ngày đó',
        "ghi `before: {day}`; nếu vẫn muốn kể cả ngày đó thì nêu lý do: `assumed: {{due: …}}`",
    ),
    "D319:by": (
        '{where}: văn bản ghi "chậm nhất ngày {day}", tức là kể cả ngày {day}, nhưng `before` thì không kể ngày đó',
        "ghi `by: {day}`; nếu vẫn muốn không kể ngày đó thì nêu lý do: `assumed: {{due: …}}`",
    ),
    "D320": (
        '{where}: kỳ "{name}" bắt đầu {day}, khi kỳ "{other}" chưa hết ({end}): số liệu bị tính hai lần',
        "sửa `from` của kỳ này, hoặc `to` của kỳ kia",
    ),
    "D321": (
        "{where}: “{policy}” gửi đề nghị trước hạn {opens}, khi kỳ báo cáo (`every: {every}`) còn chưa bắt đầu",
        "đặt thêm một chính sách đôn đốc gửi muộn hơn (ví dụ `opens: {ahead}`), rồi ghi tên nó ở `escalation` của báo cáo",
    ),
}
