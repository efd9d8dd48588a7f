"""What `inbox` says."""

EN = {
    "inbox": "List the incoming mails that a person must look at; show one; parse mails from files.",
    "inbox_show": "Show one mail, its text only.",
    "inbox_parse": "Tell what the parser makes of raw mails in files, without storing them.",
    "inbox_import": "Take mails from files in, as if they had just come.",
    "inbox_imported": "Mails: {new} new, {known} taken in before.",
    "inbox_not_mail": "is no mail, or too large; left alone",
    "mail_paths": "Files (.eml, mbox) or folders, Maildirs too.",
    "form": "The form that the mails answer: its id in the specs, or a YAML or JSON file.",
    "json_lines": "Print one JSON object a line.",
    "unknown_form": 'no form "{form}" in {specs}; there are: {forms}',
    "no_form": "{file} holds no form that can be used: {reason}",
    "number": "The number of a mail, to read it.",
    "inbox_empty": "No mail waits for a person.",
    "no_mail": "there is no mail number {number}",
    "inbox_columns": "No.|Received|From|Subject|Why a person",
}

VI = {
    "inbox": "Liệt kê các thư đến cần người xem; xem một thư; đọc thử thư từ tệp.",
    "inbox_show": "Xem một thư, chỉ phần chữ.",
    "inbox_parse": "Cho biết máy hiểu các thư trong tệp thế nào, không lưu lại.",
    "inbox_import": "Nhận thư từ tệp vào, như thư vừa đến.",
    "inbox_imported": "Thư: {new} mới, {known} đã nhận từ trước.",
    "inbox_not_mail": "không phải thư, hoặc quá lớn; để nguyên",
    "mail_paths": "Tệp (.eml, mbox) hoặc thư mục, kể cả Maildir.",
    "form": "Biểu mẫu mà các thư trả lời: mã trong các kế hoạch, hoặc tệp YAML, JSON.",
    "json_lines": "In mỗi thư một dòng JSON.",
    "unknown_form": 'không có biểu mẫu "{form}" trong {specs}; hiện có: {forms}',
    "no_form": "{file} không có biểu mẫu dùng được: {reason}",
    "number": "Số của thư cần xem.",
    "inbox_empty": "Không có thư nào chờ người xem.",
    "no_mail": "không có thư số {number}",
    "inbox_columns": "Số|Nhận lúc|Người gửi|Tiêu đề|Vì sao cần người xem",
}
