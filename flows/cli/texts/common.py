"""What several commands say."""

EN = {
    "app": "Chase up the reports that plans ask for: by mail, with reminders, escalation and roll-up.",
    "json": "Print JSON, for other programs.",
    "plan": "The id of a plan, such as cau-ngang-99-2024.",
    "specs": "Where the specs are; by default plan_specs (or DONDOC_SPECS).",
    "unknown_plan": 'no sound plan "{plan}" in {specs}; there are: {plans}',
}

VI = {
    "app": "Đôn đốc báo cáo theo kế hoạch: đề nghị, nhắc việc qua thư, báo cấp trên và tổng hợp.",
    "json": "In ra JSON cho chương trình khác.",
    "plan": "Mã kế hoạch, ví dụ cau-ngang-99-2024.",
    "specs": "Nơi đặt các kế hoạch; mặc định là plan_specs (hoặc DONDOC_SPECS).",
    "unknown_plan": 'không có kế hoạch "{plan}" hợp lệ trong {specs}; hiện có: {plans}',
}
