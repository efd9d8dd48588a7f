"""What `check` says."""

EN = {
    "check": "Check spec files: every mistake at once, with its place and what to do. Sends nothing.",
    "and_more": " and {more} more",
    "paths": "Files or folders with specs; by default the folder plan_specs (or DONDOC_SPECS).",
    "format": "How to print findings: text, json or github.",
    "clean": "{files:file|files}, {plans:plan|plans}: nothing to mend.",
    "found": "{errors:error|errors}, {warnings:warning|warnings} in {files:file|files}.",
    "found_with_notes": (
        "{errors:error|errors}, {warnings:warning|warnings}, {notes:note|notes} in {files:file|files}."
    ),
}

VI = {
    "check": "Kiểm tra tệp kế hoạch: nêu mọi lỗi một lần, kèm vị trí và cách sửa. Không gửi gì.",
    "and_more": " và {more} nơi khác",
    "paths": "Tệp hoặc thư mục kế hoạch; mặc định là thư mục plan_specs (hoặc DONDOC_SPECS).",
    "format": "Cách in các lỗi: text, json hoặc github.",
    "clean": "{files} tệp, {plans} kế hoạch: không có gì phải sửa.",
    "found": "{errors} lỗi, {warnings} cảnh báo trong {files} tệp.",
    "found_with_notes": "{errors} lỗi, {warnings} cảnh báo, {notes} lưu ý trong {files} tệp.",
}
