"""What the commands that write files say: calendar, graph, migrate."""

EN = {
    "calendar": "Write the due dates and reminders of a plan as a calendar file (.ics).",
    "graph": "Write a plan as a picture (SVG): tasks, owners, dates, and the plans above.",
    "out": "The file to write; without it, the content is printed.",
    "written": "Wrote {path}",
    "cannot_write": "cannot write {path}: {reason}",
    "migrate": "Rewrite spec files of older versions of the language; comments and order are kept.",
    "migrate_dry": "Only tell which files would be rewritten.",
    "migrate_done": "{file}: version {was} is now version {spoken}",
    "migrate_would": "{file}: version {was} would become version {spoken}",
    "migrate_missing": "there is no file or folder {path}",
    "migrate_nothing": "{files:file speaks|files speak} version {spoken} already; nothing to do.",
    "migrate_unread": "{files:file cannot be read|files cannot be read}; dondoc check tells why.",
    "migrate_newer": "{file}: version {version} of the language; this dondoc speaks {spoken}: update it",
}

VI = {
    "calendar": "Ghi các hạn báo cáo và ngày nhắc của một kế hoạch ra tệp lịch (.ics).",
    "graph": "Vẽ một kế hoạch thành hình (SVG): nhiệm vụ, đơn vị, hạn và kế hoạch cấp trên.",
    "out": "Tệp cần ghi; không nêu thì in ra màn hình.",
    "written": "Đã ghi {path}",
    "cannot_write": "không ghi được {path}: {reason}",
    "migrate": "Viết lại các tệp theo phiên bản ngôn ngữ mới; giữ nguyên ghi chú và thứ tự.",
    "migrate_dry": "Chỉ cho biết tệp nào sẽ được viết lại.",
    "migrate_done": "{file}: phiên bản {was} nay là phiên bản {spoken}",
    "migrate_would": "{file}: phiên bản {was} sẽ thành phiên bản {spoken}",
    "migrate_missing": "không có tệp hoặc thư mục {path}",
    "migrate_nothing": "{files} tệp đã theo phiên bản {spoken}; không có gì phải làm.",
    "migrate_unread": "{files} tệp không đọc được; xem lý do bằng dondoc check.",
    "migrate_newer": "{file}: phiên bản {version}; dondoc này chỉ hiểu đến {spoken}: hãy cập nhật dondoc",
}
