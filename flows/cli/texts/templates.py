"""What `templates` says."""

EN = {
    "templates": "A coordinator's own words for mails, in plain files.",
    "templates_check": "Check the files of a folder: each mistake with file and line. What is wrong is not used.",
    "templates_folder": "The folder; by default the one that DONDOC_TEMPLATES names.",
    "templates_no_folder": "name a folder, or set DONDOC_TEMPLATES",
    "templates_not_a_folder": "{folder} is not a folder",
    "templates_found": "{used} sections can be used; mistakes: {faults}.",
    "templates_unknown_file": "no mail uses this file; it must be vi/NAME.txt or en/NAME.txt, where NAME is one of: {names}",
    "templates_unreadable": "cannot be read ({detail}); save it as plain text in UTF-8",
    "templates_unknown_section": "there is no section “{detail}”; the sections are: {sections}",
    "templates_twice": "the section “{detail}” stands here a second time; only the first counts",
    "templates_outside": "“{detail}” stands before any section; begin with a line such as [opening]",
    "templates_syntax": "cannot be understood: {detail}",
    "templates_fails": "cannot be filled in: {detail}",
    "templates_empty": "the section says nothing; take it out to use the words that are built in",
}

VI = {
    "templates": "Lời thư riêng của đầu mối, trong các tệp văn bản thường.",
    "templates_check": "Kiểm tra các tệp của một thư mục: nêu từng lỗi kèm tệp và dòng. Phần có lỗi không được dùng.",
    "templates_folder": "Thư mục; mặc định là thư mục nêu ở DONDOC_TEMPLATES.",
    "templates_no_folder": "hãy nêu một thư mục, hoặc đặt DONDOC_TEMPLATES",
    "templates_not_a_folder": "{folder} không phải là thư mục",
    "templates_found": "Dùng được {used} phần; số lỗi: {faults}.",
    "templates_unknown_file": "không thư nào dùng tệp này; tệp phải là vi/TÊN.txt hoặc en/TÊN.txt, với TÊN là một trong: {names}",
    "templates_unreadable": "không đọc được ({detail}); hãy lưu dưới dạng văn bản thường, mã UTF-8",
    "templates_unknown_section": "không có phần “{detail}”; các phần là: {sections}",
    "templates_twice": "phần “{detail}” có hai lần; chỉ phần đầu được dùng",
    "templates_outside": "“{detail}” nằm trước mọi phần; hãy bắt đầu bằng một dòng như [opening]",
    "templates_syntax": "không hiểu được: {detail}",
    "templates_fails": "không điền được: {detail}",
    "templates_empty": "phần này không có nội dung; bỏ đi thì lời có sẵn được dùng",
}
