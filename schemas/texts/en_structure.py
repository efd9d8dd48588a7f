"""What is said in English about how a file is written (D1xx): for each code and variant, what is wrong and what to do."""

from __future__ import annotations

STRUCTURE = {
    "D100": ("cannot read {path}: {reason}", "check the path and that you may read it"),
    "D100:missing": (
        'there is no file or folder "{path}"',
        "check the path; it counts from the folder that you are in",
    ),
    "D100:empty": (
        'there is no .yaml file in the folder "{path}"',
        "check the path, or the variable DONDOC_SPECS",
    ),
    "D100:forbidden": ("{path} may not be read", "ask for the right to read it"),
    "D101": (
        "byte {byte} is not UTF-8",
        "save the file with the encoding UTF-8 (the older TCVN3, VNI and cp1258 are not read)",
    ),
    "D101:utf16": (
        "the file is UTF-16, not UTF-8",
        "save the file with the encoding UTF-8 (in Notepad: Save As, Encoding)",
    ),
    "D101:word": (
        "this is a Word or Excel file or an archive, not plain text",
        "write plans in a plain text editor (Notepad, VS Code) and save them as .yaml, in UTF-8",
    ),
    "D102": ('unknown key "{key}" in {where}', "keys here: {known}"),
    "D102:other-file": (
        'the key "{key}" does not belong in a file of this kind',
        "a file is one thing, a plan, a directory or a library: move `{key}` to a file of its own",
    ),
    "D102:deeper": (
        'the key "{key}" does not stand in {where} itself',
        "`{key}` belongs to `{under}`: write it below `{under}:`, indented one step more",
    ),
    "D102:comma": (
        'unknown key "{key}" in {where}',
        'if this is what comes after a comma in a text, put the whole text in straight quotes: "…, …" (not “ ”)',
    ),
    "D102:no-space": (
        'no space after the colon of "{key}"',
        "write `key: value`, with a space after the colon",
    ),
    "D102:bullet": (
        'a line of a list begins with a hyphen and a space, not as "{key}" does',
        "write `- key: value`; word processors change the hyphen by themselves",
    ),
    "D103": (
        "this is not YAML: {problem}",
        "look at this line and the one above: indentation, colons, brackets",
    ),
    "D103:colon": (
        "a colon in the middle of a value, or a wrong indentation",
        'put the value in quotes: "…: …"; or check that keys of one mapping begin in the same column',
    ),
    "D103:indent": (
        "this line does not line up with those above it",
        "keys of one mapping, and dashes of one list, begin in the same column",
    ),
    "D103:no-colon": ("a key without a colon", "write `key: value`"),
    "D103:quote": ("a quotation mark opened here is never closed", "close it, or double it inside a text"),
    "D103:bracket": (
        "a bracket opened here is not closed as it should be",
        "separate the values by commas and close the bracket; put texts that hold a comma, colon or bracket in quotes",
    ),
    "D103:character": ("a value cannot begin with this character", "put the value in quotes"),
    "D103:escape": ('an unknown sequence after "\\"', "write the backslash twice, or use single quotes"),
    "D103:control": ("a control character ({character})", "delete it"),
    "D103:key": ("a list or mapping cannot be a key", "write keys as plain words"),
    "D103:colon-inside": ("a colon in the middle of a value", "put the value in quotes: {meant}"),
    "D103:bullet": (
        "a line of a list begins with a hyphen `-`, not with `{meant}`",
        "delete `{meant}` and type a hyphen and a space; word processors change it by themselves",
    ),
    "D103:tight-dash": ("no space after the hyphen", "write `{meant}`"),
    "D103:tight-colon": ("no space after the colon", "write `{meant}`"),
    "D103:after": (
        "text after a closing bracket or quote",
        'if the bracket is part of the text, put the whole text in quotes: "[…] …"',
    ),
    "D103:table": ("this is not a CSV table: {problem}", "save it as CSV (UTF-8)"),
    "D104": ("a tab indents this line", "indent with spaces"),
    "D105": ('the key "{key}" is given twice', "keep one of the two"),
    "D105:dash": (
        'the key "{key}" is given twice in one item',
        "if a new item begins here, its hyphen is missing: write `- {key}: …`; otherwise keep one of the two",
    ),
    "D106": ('{where} lacks "{key}"', "add `{key}: …`"),
    "D106:elsewhere": (
        '{where} lacks "{key}": it stands inside another key',
        "move the line `{key}:` to the left margin, and the lines below it along",
    ),
    "D107": ("{where}: {given} is not what is expected here", ""),
    "D107:text": ("{where}: {given} is not a text", 'put it in quotes: "{given}"'),
    "D107:list": (
        "{where}: a list is expected here, not {given}",
        "write `[a, b]`, or one line with a dash for each",
    ),
    "D107:mapping": (
        "{where}: keys with values are expected here, not {given}",
        "write `key: value` lines, indented under it; keys here: {known}",
    ),
    "D107:true-false": ("{where}: {given} is neither true nor false", "write `true` or `false`"),
    "D107:whole": ("{where}: {given} is not a whole number", "write digits alone, without quotes"),
    "D107:number": (
        "{where}: {given} is not a number",
        "write digits, with a point for decimals, without quotes",
    ),
    "D107:mapping-or-word": (
        "{where}: {given} is neither a mapping nor `{word}`",
        "write `key: value` lines, or the word `{word}`",
    ),
    "D107:number-or-word": (
        "{where}: {given} is neither a number nor `{word}`",
        "write a whole number, or the word `{word}`",
    ),
    "D107:empty": ("{where}: the value is empty", "give a value, or leave the key out"),
    "D107:own-keys": (
        "{where}: keys with values are expected here, not {given}",
        "write `key: value` lines, indented under it",
    ),
    "D107:due": (
        '{where}: a time limit is written with its key, not as {given} alone: "before" and "by" a day are not the same',
        "write {{before: 30/11}} (that day is too late), {{by: 30/11}} (that day included), {{in_month: 3/2027}} or {{after_cut_off: 3 working days}}",
    ),
    "D107:cut-off": (
        "{where}: a cut-off is written with its key, not as {given} alone",
        "write {{by: 20/11}} (that day included)",
    ),
    "D107:one": (
        "{where}: one value is expected here, not {given}",
        "take the brackets or hyphens away and leave one value",
    ),
    "D107:comment": (
        "{where}: the value is empty, because what follows # is a comment",
        'put the value in quotes: "#…"',
    ),
    "D108": ('{where}: "{given}" is not a choice', "choose one of: {known}"),
    "D109:id": (
        '{where}: "{given}" is not an id',
        "lower-case letters without accents, digits and hyphens, at most 80: `phong-vhtt`",
    ),
    "D109:mailbox": (
        '{where}: "{given}" is not one mail address',
        "give one address alone, without accents and without a name: `vanthu@caungang.example`",
    ),
    "D109:channel": (
        "{where}: the name of a channel stands here, never its address",
        "name the channel, such as `chat-vp`, and set its address where dondoc runs: `DONDOC_CHANNEL_CHAT_VP`",
    ),
    "D109:clock": ('{where}: "{given}" is not a time of day', 'write it as "08:00", in quotes'),
    "D109:country": ('{where}: "{given}" is not a country code', "two capital letters: VN"),
    "D109:no-country": (
        '{where}: the public holidays of "{given}" are not known',
        "two letters name a country: VN",
    ),
    "D109:day": (
        '{where}: "{given}" is not a day with its month and year',
        "write it as 10/4/2024 (day first) or 2024-04-10",
    ),
    "D109:no-such-day": (
        '{where}: there is no day "{given}"',
        "the day comes first: 30/11 is the 30th of November",
    ),
    "D109:span": (
        '{where}: "{given}" is not a length of time',
        "write a number and its unit: 5 working days, 10 days, 2 weeks, 1 month",
    ),
    "D109:annual-day": ('{where}: "{given}" is not a day of the year', "day first: 30/11"),
    "D109:month": ('{where}: "{given}" is not a month', "write the month and the year: 3/2024 or 2024-03"),
    "D109:agency-id": (
        '{where}: "{given}" is not the id of an agency',
        "give the `id` of an agency or group in a directory, not its name; for several, [id-1, id-2]",
    ),
    "D109:day-of-due": (
        '{where}: "{given}" is not a day',
        "write it as 10/4/2024 (day first), or as 30/11 when it is the same every year",
    ),
    "D109:day-often": (
        '{where}: "{given}" is not a day of the year',
        'what is due every month or quarter is counted from the cut-off: with data closed on the 14th, "by the 20th" is `after_cut_off: 6 days` instead',
    ),
    "D109:table": (
        '{where}: "{given}" is not the name of a CSV or Excel file (.xlsx)',
        "write it as seen from the folder of this file: `xa-phuong.csv` or `xa-phuong.xlsx`; save .xls, .xlsm and .ods as .xlsx",
    ),
    "D109:domain": (
        '{where}: "{given}" is not a mail domain',
        "write what stands after the @: `caungang.example`",
    ),
    "D110:one-due": (
        "{where}: exactly one way to say when; here: {given}",
        "give one of before, by, in_month, after_cut_off, after_issue, after_task, before_parent",
    ),
    "D110:period-backwards": (
        "the plan's period ends before it begins",
        "`from` is the first day, `to` the last",
    ),
    "D110:choices": (
        "{where}: `choices` goes with `type: choice` only, and the other way round",
        "give both (`choices: [Good, Fair]`), or neither",
    ),
    "D110:bounds-not-number": (
        "{where}: min and max go with numbers only",
        "take them out, or make it `type: integer` or `number`",
    ),
    "D110:bounds-crossed": ("{where}: min is greater than max", "exchange them"),
    "D110:aggregate-not-number": (
        "{where}: {how} needs a number",
        "use list or by-agency, or make it `type: integer` or `number`",
    ),
    "D110:field-twice": ('two fields are called "{id}"', "give each field of a form an id of its own"),
    "D110:empty-library": ("the library holds nothing", "give regimes, calendars, escalations or forms"),
    "D110:up-alone": ("{where}: `up` goes with `to: superior` only", "take `up` out"),
    "D110:recipient-empty": (
        "{where}: a recipient without agency and text",
        "give the agency, the text, or both",
    ),
    "D110:hours-backwards": (
        "{where}: the end is not after the beginning",
        "`from` is when the day begins, `to` when it ends",
    ),
    "D110:validity-backwards": (
        "{where}: it ends before it begins",
        "`from` is the first day, `until` the last",
    ),
    "D110:day-twice": (
        "{where}: {day} is both off (`holidays`) and worked (`working_days`)",
        "keep one",
    ),
    "D110:empty-directory": ("the directory holds no agency", "give `agencies`, or `tables` of them"),
    "D110:target-not-number": (
        "{where}: `target` goes with a number that is added up",
        "make it `type: integer` or `number`, with a sum, mean, min or max",
    ),
    "D111": (
        'assumed: {where} has no key "{key}"',
        "`assumed` names keys of the mapping that it stands in, with the reason for each",
    ),
    "D112": (
        "nothing tells what this file is",
        "a plan has `plan` and `tasks`; a directory has `agencies` or `tables`; a library has regimes, calendars, escalations or forms",
    ),
    "D113": ("the file is empty", "write something in it, or delete it"),
    "D114": (
        "a second document begins here",
        "one file holds one document: put the rest into a file of its own",
    ),
    "D115:bytes": ("the file has more than {limit} bytes", "split it"),
    "D115:depth": ("more than {limit} levels inside each other", "is a bracket missing?"),
    "D115:values": ("more than {limit} values, aliases counted", "split the file; use fewer aliases"),
    "D116": (
        "the tag {tag} is not part of the language",
        "take it out; put the value in quotes if it is meant as a text",
    ),
    "D117": (
        "accents are typed as separate characters, on {lines} lines; read as if they were not",
        "save the file as NFC (precomposed Unicode, “Unicode dựng sẵn”)",
    ),
    "D118": (
        "an invisible character ({character}), in {lines} lines; it is passed over",
        "delete it; it mostly comes from Word or a web page",
    ),
    "D118:no-break": (
        "a no-break space ({character}), in {lines} lines; it is read as a blank",
        "put a blank in its place; it mostly comes from Word or a web page",
    ),
    "D119": ("version {given} of the language", "this dondoc speaks version 1: write `dondoc: 1`"),
    "D119:quoted": ("version {given} is in quotes", "write it without them: `dondoc: 1`"),
    "D120:above": ("{where}: {given} is too much", "at most {limit}"),
    "D120:below": ("{where}: {given} is too little", "at least {limit}"),
    "D121:unknown": ('there is no anchor "{name}" above', "put a text that begins with * in quotes"),
    "D121:inside": ('the alias "{name}" stands inside its own anchor', "write the value out"),
    "D122": (
        'the table has no column "{name}", which would tell `{key}`',
        "name the column that does: `columns: {{{key}: …}}`; headings there: {known}",
    ),
    "D123": (
        'the column "{name}" is not read',
        "head it `{guess}`, or name it: `columns: {{{guess}: {name}}}`",
    ),
    "D124": ('the key "{key}" is left empty, as if it were not there', "give a value, or delete the line"),
    "D125": (
        "{path} is not read, because its name ends in .txt",
        "rename it {name} (in Notepad: Save as type, All files)",
    ),
    "D126": (
        "what stands from # on is not read; the value is only: {given}",
        "if it belongs to the value, put the whole value in quotes: {meant}; if it is a comment, put a blank after the #",
    ),
    "D115:unpacked": (
        "the workbook unpacks to more than {limit} bytes",
        "keep the table only: take out pictures, formats and other sheets, or save it as CSV (UTF-8)",
    ),
    "D115:cells": (
        "the sheet has more than {limit} rows or cells",
        "delete empty rows and columns that have a format, at the end of the sheet; or split the directory",
    ),
    "D127": (
        "this workbook cannot be read: it is damaged, or no .xlsx",
        "open it in Excel and save it as .xlsx",
    ),
    "D127:old": (
        "an old .xls workbook, or one with a password",
        "open it in Excel, take the password off and save it as .xlsx (Save As, Excel Workbook)",
    ),
    "D127:text": (
        "the name ends in .xlsx, but this is no workbook",
        "if it is CSV, call it .csv, here and in `file`; if not, save it from Excel again",
    ),
    "D127:named-csv": (
        "the name ends in .csv, but this is a workbook",
        "call it .xlsx, here and in `file`; or save it as CSV (UTF-8)",
    ),
    "D127:macro": ("a workbook with macros", "save it as .xlsx, without macros (Save As, Excel Workbook)"),
    "D127:sheet": ('the workbook has no sheet "{name}"', "let `sheet` be one of: {known}"),
    "D128:formula": (
        "this cell is a formula ({given}), not a value",
        "copy it and paste it as a value (Paste Special, Values); dondoc computes nothing",
    ),
    "D128:error": ("this cell says {given}", "write the value into the cell"),
    "D128:merged": (
        "the cells {given} are merged: only the first has the value, the others count as empty",
        "unmerge them and write the value into each",
    ),
    "D128:heading": (
        "the row of headings has merged cells ({given})",
        "unmerge them; one heading for each column, all in one row",
    ),
    "D103:parens": ("round brackets; keys stand in braces", "write `{meant}`"),
    "D103:curly-quotes": (
        "“ ” are no quotes of YAML, so the colon between them is taken for that of a key",
        "type straight quotes: {meant}",
    ),
    "D103:value-colon": (
        "a colon with a blank in a value is taken for that of a key",
        "put the value in quotes: {meant}",
    ),
    "D103:one-line": (
        "several keys on one line stand in braces",
        "write `{meant}`, or each key on a line of its own",
    ),
    "D103:too-deep": (
        "this line is indented below the line above, which has its value already",
        "line this key up with those it belongs to",
    ),
    "D103:too-far-out": (
        "this line is indented less than those above and below it",
        "line this key up with those it belongs to",
    ),
    "D103:merge": (
        "a mark of two versions that were not merged ({meant})",
        "keep one of the two, and delete the other and the lines <<<<<<<, =======, >>>>>>>",
    ),
    "D103:hash": (
        "# begins a comment, and the rest of the line, its closing bracket too, is passed over",
        "put the value with the # in quotes",
    ),
    "D105:pasted": (
        'from here on the file repeats itself, with the key "{key}"',
        "it was probably pasted twice: delete this part, or move it to a file of its own if it is another plan",
    ),
    "D107:list-of-keys": (
        "{where}: here a list of items with keys is needed, not {given}",
        "begin each item with a dash: `- {first}: …`",
    ),
    "D107:dash": (
        "{where}: the dash before this item is missing",
        "write `- {first}: …`, and line its other keys up with `{first}`",
    ),
    "D107:due-often": (
        "{where}: a due date is a key and a value, not only {given}",
        'by the month or quarter it is counted from the cut-off: with data closed on the 14th, "by the 20th" is {{after_cut_off: 6 days}}',
    ),
    "D120:last": (
        "{where}: {given} is too big, as every month must have that day",
        "the last of the month is `last`; else at most {limit}",
    ),
}
