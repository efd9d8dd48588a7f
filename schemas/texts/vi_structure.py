"""What is said in Vietnamese about how a file is written (D1xx): for each code and variant, what is wrong and what to do."""

from __future__ import annotations

STRUCTURE = {
    "D100": ("không đọc được {path}: {reason}", "kiểm tra đường dẫn và quyền đọc"),
    "D100:missing": (
        'không có tệp hoặc thư mục "{path}"',
        "kiểm tra lại đường dẫn; đường dẫn tính từ thư mục đang đứng",
    ),
    "D100:empty": (
        'trong thư mục "{path}" không có tệp .yaml nào',
        "kiểm tra lại đường dẫn, hoặc biến DONDOC_SPECS",
    ),
    "D100:forbidden": ("không có quyền đọc {path}", "xin quyền đọc tệp này"),
    "D101": ("byte {byte} không phải UTF-8", "lưu tệp với bảng mã UTF-8 (không đọc được TCVN3, VNI, cp1258)"),
    "D101:utf16": (
        "tệp là UTF-16, không phải UTF-8",
        "lưu tệp với bảng mã UTF-8 (trong Notepad: Save As, Encoding)",
    ),
    "D101:word": (
        "đây là tệp Word, Excel hoặc tệp nén, không phải văn bản thuần",
        "viết kế hoạch bằng trình soạn thảo văn bản thuần (Notepad, VS Code) và lưu thành tệp .yaml, bảng mã UTF-8",
    ),
    "D102": ('không có khóa "{key}" trong {where}', "các khóa dùng được ở đây: {known}"),
    "D102:other-file": (
        'khóa "{key}" không thuộc loại tệp này',
        "mỗi tệp chỉ là một loại (kế hoạch, danh bạ hoặc thư viện): chuyển `{key}` sang tệp riêng",
    ),
    "D102:deeper": (
        'khóa "{key}" không đứng trực tiếp trong {where}',
        "`{key}` thuộc về `{under}`: ghi ở dòng dưới `{under}:`, thụt vào thêm một bậc",
    ),
    "D102:comma": (
        'không có khóa "{key}" trong {where}',
        'nếu đây là phần sau dấu phẩy của một câu thì đặt cả câu trong ngoặc kép thẳng: "…, …" (không dùng “ ”)',
    ),
    "D102:no-space": (
        'sau dấu hai chấm của "{key}" thiếu dấu cách',
        "viết `khóa: giá trị`, có dấu cách sau dấu hai chấm",
    ),
    "D102:bullet": (
        'đầu dòng phải là dấu trừ và một dấu cách, không phải như trong "{key}"',
        "viết `- khóa: giá trị`; trình soạn thảo kiểu Word hay tự đổi dấu trừ thành dấu khác",
    ),
    "D103": (
        "không phải YAML: {problem}",
        "xem lại dòng này và dòng ngay trên: thụt dòng, dấu hai chấm, dấu ngoặc",
    ),
    "D103:colon": (
        "có dấu hai chấm giữa giá trị, hoặc thụt dòng sai",
        'đặt giá trị trong ngoặc kép: "…: …"; hoặc kiểm tra để các khóa cùng cấp thẳng cột với nhau',
    ),
    "D103:indent": (
        "dòng này không thẳng cột với các dòng phía trên",
        "các khóa cùng cấp, các gạch đầu dòng của một danh sách phải bắt đầu ở cùng một cột",
    ),
    "D103:no-colon": ("khóa không có dấu hai chấm", "viết `khóa: giá trị`"),
    "D103:quote": (
        "dấu ngoặc kép mở ở đây không được đóng",
        "đóng lại, hoặc viết dấu hai lần nếu nó nằm trong chữ",
    ),
    "D103:bracket": (
        "dấu ngoặc mở ở đây không được đóng đúng cách",
        "ngăn các giá trị bằng dấu phẩy và đóng ngoặc; chữ có dấu phẩy, dấu hai chấm hoặc ngoặc phải đặt trong ngoặc kép",
    ),
    "D103:character": ("giá trị không thể bắt đầu bằng ký tự này", "đặt giá trị trong ngoặc kép"),
    "D103:escape": ('chuỗi lạ sau dấu "\\"', "viết dấu gạch chéo hai lần, hoặc dùng dấu nháy đơn"),
    "D103:control": ("có ký tự điều khiển ({character})", "xóa ký tự đó"),
    "D103:key": ("danh sách hay nhóm khóa không thể làm khóa", "viết khóa bằng chữ thường"),
    "D103:colon-inside": ("dấu hai chấm nằm giữa giá trị", "đặt giá trị trong ngoặc kép: {meant}"),
    "D103:bullet": (
        "đầu dòng phải là dấu trừ `-`, không phải `{meant}`",
        "xóa `{meant}`, gõ lại dấu trừ và một dấu cách; trình soạn thảo kiểu Word hay tự đổi dấu này",
    ),
    "D103:tight-dash": ("thiếu dấu cách sau dấu gạch đầu dòng", "viết `{meant}`"),
    "D103:tight-colon": ("thiếu dấu cách sau dấu hai chấm", "viết `{meant}`"),
    "D103:after": (
        "sau dấu ngoặc đóng còn có chữ",
        'nếu dấu ngoặc là một phần của câu thì đặt cả câu trong ngoặc kép: "[…] …"',
    ),
    "D103:table": ("đây không phải bảng CSV: {problem}", "lưu lại ở dạng CSV (UTF-8)"),
    "D104": ("dòng này thụt vào bằng phím Tab", "thụt dòng bằng dấu cách"),
    "D105": ('khóa "{key}" ghi hai lần', "giữ lại một"),
    "D105:dash": (
        'khóa "{key}" ghi hai lần trong cùng một mục',
        "nếu một mục mới bắt đầu ở đây thì thiếu gạch đầu dòng: viết `- {key}: …`; nếu không thì giữ lại một",
    ),
    "D106": ('{where} thiếu "{key}"', "thêm `{key}: …`"),
    "D106:elsewhere": (
        '{where} thiếu "{key}": khóa này đang nằm bên trong một khóa khác',
        "đưa dòng `{key}:` ra sát lề trái; các dòng bên dưới dịch theo",
    ),
    "D107": ("{where}: ở đây không dùng {given} được", ""),
    "D107:text": ("{where}: {given} không phải là chữ", 'đặt trong ngoặc kép: "{given}"'),
    "D107:list": (
        "{where}: ở đây cần một danh sách, không phải {given}",
        "viết `[a, b]`, hoặc mỗi mục một dòng có gạch đầu dòng",
    ),
    "D107:mapping": (
        "{where}: ở đây cần các khóa có giá trị, không phải {given}",
        "viết các dòng `khóa: giá trị`, thụt vào phía dưới; các khóa: {known}",
    ),
    "D107:true-false": (
        "{where}: {given} không phải true hay false",
        "viết `true` (có) hoặc `false` (không)",
    ),
    "D107:whole": ("{where}: {given} không phải số nguyên", "chỉ viết chữ số, không có ngoặc kép"),
    "D107:number": (
        "{where}: {given} không phải số",
        "viết chữ số, dấu chấm cho phần thập phân, không có ngoặc kép",
    ),
    "D107:mapping-or-word": (
        "{where}: {given} không phải các khóa có giá trị, cũng không phải `{word}`",
        "viết các dòng `khóa: giá trị`, hoặc từ `{word}`",
    ),
    "D107:number-or-word": (
        "{where}: {given} không phải số, cũng không phải `{word}`",
        "viết một số nguyên, hoặc từ `{word}`",
    ),
    "D107:empty": ("{where}: giá trị để trống", "ghi giá trị, hoặc bỏ khóa này"),
    "D107:own-keys": (
        "{where}: ở đây cần các khóa có giá trị, không phải {given}",
        "viết các dòng `khóa: giá trị`, thụt vào phía dưới",
    ),
    "D107:due": (
        '{where}: thời hạn phải ghi bằng khóa, không chỉ ghi {given}: "trước ngày" và "chậm nhất ngày" là hai khóa khác nhau',
        "viết {{before: 30/11}} (trước ngày), {{by: 30/11}} (chậm nhất ngày), {{in_month: 3/2027}} (trong tháng) hoặc {{after_cut_off: 3 ngày làm việc}} (sau ngày chốt số liệu)",
    ),
    "D107:cut-off": (
        "{where}: ngày chốt số liệu viết bằng khóa, không chỉ viết {given}",
        "viết {{by: 20/11}} (hết ngày 20/11)",
    ),
    "D107:one": (
        "{where}: ở đây chỉ ghi một giá trị, không phải {given}",
        "bỏ dấu ngoặc hoặc gạch đầu dòng, chỉ để lại một giá trị",
    ),
    "D107:comment": (
        "{where}: giá trị để trống, vì chữ sau dấu # là ghi chú",
        'đặt giá trị trong ngoặc kép: "#…"',
    ),
    "D108": ('{where}: không có lựa chọn "{given}"', "chọn một trong các từ: {known}"),
    "D109:id": (
        '{where}: "{given}" không dùng làm mã được',
        "chữ thường không dấu, chữ số và gạch nối, nhiều nhất 80 ký tự: `phong-vhtt`",
    ),
    "D109:mailbox": (
        '{where}: "{given}" không phải một địa chỉ thư',
        "chỉ ghi một địa chỉ, không dấu, không kèm tên: `vanthu@caungang.example`",
    ),
    "D109:channel": (
        "{where}: ở đây chỉ ghi tên một kênh, không ghi địa chỉ của kênh",
        "đặt tên kênh, như `chat-vp`, và khai địa chỉ ở máy chạy dondoc: `DONDOC_CHANNEL_CHAT_VP`",
    ),
    "D109:clock": ('{where}: "{given}" không phải giờ trong ngày', 'viết "08:00", trong ngoặc kép'),
    "D109:country": ('{where}: "{given}" không phải mã nước', "hai chữ in hoa: VN"),
    "D109:no-country": (
        '{where}: không biết ngày nghỉ lễ của nước "{given}"',
        "mã nước gồm hai chữ: VN là Việt Nam",
    ),
    "D109:day": (
        '{where}: "{given}" không phải một ngày đủ ngày, tháng, năm',
        "viết 10/4/2024 (ngày/tháng/năm) hoặc 2024-04-10",
    ),
    "D109:no-such-day": ('{where}: không có ngày "{given}"', "ngày viết trước: 30/11 là ngày 30 tháng 11"),
    "D109:span": (
        '{where}: "{given}" không phải một khoảng thời gian',
        "viết số và đơn vị: 5 ngày làm việc, 10 ngày, 2 tuần, 1 tháng",
    ),
    "D109:annual-day": ('{where}: "{given}" không phải một ngày trong năm', "ngày viết trước: 30/11"),
    "D109:month": ('{where}: "{given}" không phải một tháng', "viết tháng và năm: 3/2024 hoặc 2024-03"),
    "D109:agency-id": (
        '{where}: "{given}" không phải mã cơ quan',
        "ghi mã (`id`) của cơ quan hoặc nhóm trong danh bạ, không ghi tên; nhiều cơ quan thì ghi [ma-1, ma-2]",
    ),
    "D109:day-of-due": (
        '{where}: "{given}" không phải một ngày',
        "viết 10/4/2024 (ngày/tháng/năm), hoặc 30/11 nếu năm nào cũng vậy",
    ),
    "D109:day-often": (
        '{where}: "{given}" không phải một ngày của năm',
        'hạn hằng tháng, hằng quý đếm từ ngày chốt số liệu: số liệu chốt ngày 14, hạn "chậm nhất ngày 20" thì thay bằng `after_cut_off: 6 ngày`',
    ),
    "D109:table": (
        '{where}: "{given}" không phải tên tệp CSV hoặc Excel (.xlsx)',
        "ghi tên tệp tính từ thư mục của tệp này: `xa-phuong.csv` hoặc `xa-phuong.xlsx`; tệp .xls, .xlsm, .ods thì lưu lại thành .xlsx",
    ),
    "D109:domain": ('{where}: "{given}" không phải tên miền thư', "ghi phần sau dấu @: `caungang.example`"),
    "D110:one-due": (
        "{where}: thời hạn chỉ ghi bằng đúng một khóa; ở đây: {given}",
        "ghi một trong các khóa before, by, in_month, after_cut_off, after_issue, after_task, before_parent",
    ),
    "D110:period-backwards": (
        "thời gian của kế hoạch kết thúc trước khi bắt đầu",
        "`from` là ngày đầu, `to` là ngày cuối",
    ),
    "D110:choices": (
        "{where}: `choices` chỉ đi cùng `type: choice`, và ngược lại",
        "ghi cả hai (`choices: [Tốt, Khá]`), hoặc bỏ cả hai",
    ),
    "D110:bounds-not-number": (
        "{where}: min và max chỉ đi với số",
        "bỏ đi, hoặc ghi `type: integer` hay `number`",
    ),
    "D110:bounds-crossed": ("{where}: min lớn hơn max", "đổi chỗ hai giá trị"),
    "D110:aggregate-not-number": (
        "{where}: {how} cần chỉ tiêu là số",
        "dùng list hoặc by-agency, hoặc ghi `type: integer` hay `number`",
    ),
    "D110:field-twice": ('có hai chỉ tiêu cùng mã "{id}"', "mỗi chỉ tiêu của biểu mẫu có một mã riêng"),
    "D110:empty-library": ("thư viện không có gì", "ghi regimes, calendars, escalations hoặc forms"),
    "D110:up-alone": ("{where}: `up` chỉ đi với `to: superior`", "bỏ `up`"),
    "D110:recipient-empty": (
        "{where}: nơi nhận không có cơ quan, cũng không có chữ",
        "ghi agency, text, hoặc cả hai",
    ),
    "D110:hours-backwards": (
        "{where}: giờ kết thúc không sau giờ bắt đầu",
        "`from` là giờ bắt đầu, `to` là giờ kết thúc",
    ),
    "D110:validity-backwards": (
        "{where}: cơ quan kết thúc trước khi bắt đầu",
        "`from` là ngày đầu, `until` là ngày cuối",
    ),
    "D110:day-twice": (
        "{where}: ngày {day} vừa là ngày nghỉ (`holidays`) vừa là ngày làm bù (`working_days`)",
        "giữ lại một",
    ),
    "D110:empty-directory": (
        "danh bạ không có cơ quan nào",
        "ghi `agencies`, hoặc `tables` dẫn tới bảng cơ quan",
    ),
    "D110:target-not-number": (
        "{where}: `target` chỉ dùng cho số được tổng hợp",
        "đặt `type: integer` hoặc `number`, tổng hợp bằng sum, mean, min hoặc max",
    ),
    "D111": (
        'assumed: {where} không có khóa "{key}"',
        "`assumed` nêu các khóa ở cùng chỗ với nó, kèm lý do của từng khóa",
    ),
    "D112": (
        "không rõ tệp này là gì",
        "kế hoạch có `plan` và `tasks`; danh bạ có `agencies` hoặc `tables`; thư viện có regimes, calendars, escalations hoặc forms",
    ),
    "D113": ("tệp trống", "viết nội dung, hoặc xóa tệp"),
    "D114": ("tài liệu thứ hai bắt đầu ở đây", "mỗi tệp một tài liệu: chuyển phần còn lại sang tệp khác"),
    "D115:bytes": ("tệp lớn hơn {limit} byte", "chia nhỏ tệp"),
    "D115:depth": ("lồng nhau quá {limit} tầng", "có thiếu dấu ngoặc không?"),
    "D115:values": ("quá {limit} giá trị, tính cả các chỗ dẫn lại", "chia nhỏ tệp; bớt dẫn lại"),
    "D116": ("thẻ {tag} không có trong ngôn ngữ", "bỏ đi; nếu là chữ thì đặt giá trị trong ngoặc kép"),
    "D117": (
        "dấu tiếng Việt gõ thành ký tự rời, ở {lines} dòng; vẫn đọc như bình thường",
        "lưu tệp dạng NFC (Unicode dựng sẵn)",
    ),
    "D118": (
        "có ký tự vô hình ({character}), ở {lines} dòng; được bỏ qua khi đọc",
        "xóa đi; thường do chép từ Word hoặc trang web",
    ),
    "D118:no-break": (
        "có dấu cách không ngắt ({character}), ở {lines} dòng; được đọc như dấu cách thường",
        "thay bằng dấu cách thường; thường do chép từ Word hoặc trang web",
    ),
    "D119": ("phiên bản {given} của ngôn ngữ", "dondoc này hiểu phiên bản 1: ghi `dondoc: 1`"),
    "D119:quoted": ("phiên bản {given} ghi trong ngoặc kép", "bỏ ngoặc kép: `dondoc: 1`"),
    "D120:above": ("{where}: {given} là quá lớn", "nhiều nhất {limit}"),
    "D120:below": ("{where}: {given} là quá nhỏ", "ít nhất {limit}"),
    "D121:unknown": ('phía trên không có neo "{name}"', "chữ bắt đầu bằng * phải đặt trong ngoặc kép"),
    "D121:inside": ('chỗ dẫn lại "{name}" nằm trong chính neo của nó', "viết đầy đủ giá trị"),
    "D122": (
        'bảng không có cột "{name}" để lấy `{key}`',
        "ghi cột có nội dung đó: `columns: {{{key}: …}}`; các cột ở đó: {known}",
    ),
    "D123": (
        'cột "{name}" không được đọc',
        "đặt tên cột là `{guess}`, hoặc ghi: `columns: {{{guess}: {name}}}`",
    ),
    "D124": ('khóa "{key}" để trống, coi như không ghi', "ghi giá trị, hoặc bỏ dòng này"),
    "D125": (
        "tệp {path} không được đọc, vì tên tệp kết thúc bằng .txt",
        "đổi tên thành {name} (trong Notepad: Save as type là All files)",
    ),
    "D126": (
        "phần từ dấu # trở đi không được đọc; giá trị chỉ còn: {given}",
        "nếu phần đó thuộc giá trị thì đặt cả giá trị trong ngoặc kép: {meant}; nếu là ghi chú thì thêm một dấu cách sau dấu #",
    ),
    "D115:unpacked": (
        "tệp Excel giải nén ra lớn hơn {limit} byte",
        "chỉ để lại bảng danh bạ: bỏ ảnh, định dạng và các trang tính khác, hoặc lưu thành CSV (UTF-8)",
    ),
    "D115:cells": (
        "trang tính có quá {limit} hàng hoặc ô",
        "xóa các hàng, cột trống có định dạng ở cuối trang; hoặc chia danh bạ thành nhiều tệp",
    ),
    "D127": (
        "không đọc được tệp Excel này: tệp hỏng, hoặc không phải .xlsx",
        "mở bằng Excel rồi lưu lại thành .xlsx",
    ),
    "D127:old": (
        "đây là tệp .xls kiểu cũ, hoặc tệp có mật khẩu",
        "mở bằng Excel, bỏ mật khẩu và lưu lại thành .xlsx (Save As, Excel Workbook)",
    ),
    "D127:text": (
        "tên tệp kết thúc bằng .xlsx nhưng đây không phải tệp Excel",
        "nếu là CSV thì đổi tên thành .csv, ở đây và ở `file`; nếu không thì lưu lại từ Excel",
    ),
    "D127:named-csv": (
        "tên tệp kết thúc bằng .csv nhưng đây là tệp Excel",
        "đổi tên thành .xlsx, ở đây và ở `file`; hoặc lưu lại thành CSV (UTF-8)",
    ),
    "D127:macro": ("tệp Excel có macro", "lưu lại thành .xlsx, không có macro (Save As, Excel Workbook)"),
    "D127:sheet": ('tệp Excel không có trang tính "{name}"', "ghi `sheet` là một trong: {known}"),
    "D128:formula": (
        "ô này là công thức ({given}), không phải giá trị",
        "chép ô rồi dán lại dạng giá trị (Paste Special, Values); dondoc không tính công thức",
    ),
    "D128:error": ("ô này báo lỗi {given}", "ghi giá trị vào ô"),
    "D128:merged": (
        "các ô {given} gộp làm một: chỉ ô đầu có giá trị, các ô còn lại coi như trống",
        "bỏ gộp ô (Unmerge Cells) và ghi giá trị vào từng ô",
    ),
    "D128:heading": (
        "hàng tiêu đề có các ô gộp {given}",
        "bỏ gộp ô (Unmerge Cells); mỗi cột một tiêu đề, tất cả trên một hàng",
    ),
    "D103:parens": (
        "ở đây dùng dấu ngoặc tròn; các khóa phải nằm trong dấu ngoặc nhọn",
        "viết `{meant}`",
    ),
    "D103:curly-quotes": (
        "dấu ngoặc cong “ ” không phải dấu ngoặc kép của YAML, nên dấu hai chấm ở giữa bị hiểu là khóa",
        "gõ lại bằng dấu ngoặc thẳng: {meant}",
    ),
    "D103:value-colon": (
        "dấu hai chấm và dấu cách ở giữa giá trị bị hiểu là khóa",
        "đặt giá trị trong ngoặc kép: {meant}",
    ),
    "D103:one-line": (
        "nhiều khóa trên một dòng phải nằm trong dấu ngoặc nhọn",
        "viết `{meant}`, hoặc mỗi khóa một dòng",
    ),
    "D103:too-deep": (
        "dòng này thụt vào sâu hơn dòng trên, nhưng dòng trên đã có giá trị",
        "cho khóa này thẳng cột với các khóa cùng cấp phía trên",
    ),
    "D103:too-far-out": (
        "dòng này thụt ít hơn các dòng cùng cấp ở trên và ở dưới",
        "cho khóa này thẳng cột với các khóa cùng cấp",
    ),
    "D103:merge": (
        "còn sót dấu của hai bản sửa chưa gộp xong ({meant})",
        "chọn một trong hai bản, xóa bản kia và các dòng <<<<<<<, =======, >>>>>>>",
    ),
    "D103:hash": (
        "dấu # mở đầu ghi chú, nên phần còn lại của dòng, kể cả dấu ngoặc đóng, bị bỏ qua",
        "đặt giá trị có dấu # trong ngoặc kép",
    ),
    "D105:pasted": (
        'từ đây nội dung tệp lặp lại, bắt đầu bằng khóa "{key}"',
        "có lẽ nội dung đã dán hai lần: xóa phần này, hoặc chuyển sang tệp khác nếu là kế hoạch khác",
    ),
    "D107:list-of-keys": (
        "{where}: ở đây cần một danh sách các mục có khóa, không phải {given}",
        "viết mỗi mục từ một dòng có gạch đầu dòng: `- {first}: …`",
    ),
    "D107:dash": (
        "{where}: thiếu gạch đầu dòng trước mục này",
        "viết `- {first}: …`; các khóa sau của mục thẳng cột với `{first}`",
    ),
    "D107:due-often": (
        "{where}: thời hạn phải ghi bằng khóa, không chỉ ghi {given}",
        'hạn hằng tháng, hằng quý đếm từ ngày chốt số liệu: số liệu chốt ngày 14, hạn "chậm nhất ngày 20" thì ghi {{after_cut_off: 6 ngày}}',
    ),
    "D120:last": (
        "{where}: {given} là quá lớn, vì tháng nào cũng phải có ngày đó",
        "ngày cuối tháng thì ghi `last`; nếu không thì nhiều nhất {limit}",
    ),
}
