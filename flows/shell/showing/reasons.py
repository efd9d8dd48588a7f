"""Why a date is what it is, in words: spans, due rules and days off, in Vietnamese and English."""

from __future__ import annotations

from datetime import date, timedelta

from flows.core.calendar import WorkCalendar
from flows.shell import wording
from schemas.model import AnnualDay, Calendar, Due, Language, Recipient, Rung, Span, SpanUnit

_UNITS: dict[Language, dict[SpanUnit, tuple[str, str]]] = {
    Language.VI: {
        SpanUnit.WORKING_DAY: ("ngày làm việc", "ngày làm việc"),
        SpanUnit.DAY: ("ngày", "ngày"),
        SpanUnit.WEEK: ("tuần", "tuần"),
        SpanUnit.MONTH: ("tháng", "tháng"),
    },
    Language.EN: {unit: (unit.value, unit.value + "s") for unit in SpanUnit},
}

_TEXTS: dict[Language, dict[str, str]] = {
    Language.VI: {
        "before": "“trước ngày {day}”: chính ngày {day} không tính, ngày cuối cùng là {last}",
        "by": "“chậm nhất ngày {day}”: tính cả ngày đó",
        "in_month": "“trong tháng {month}”: đến hết ngày cuối cùng của tháng",
        "after_cut_off": "{span} sau ngày chốt số liệu {cut_off}{skipped}",
        "after_issue": "{span} sau ngày ban hành kế hoạch {day}{skipped}",
        "after_task_completed": "{span} kể từ ngày hoàn thành nhiệm vụ “{task}”; trước khi xong, dự kiến tính từ "
        "hạn của nhiệm vụ đó, ngày {day}{skipped}",
        "after_task": "{span} sau hạn của nhiệm vụ “{task}”, ngày {day}{skipped}",
        "before_parent": "{span} trước hạn của báo cáo cấp trên, ngày {day}{skipped}",
        "as_written": "theo quy định tại dòng này",
        "no_year": "; không ghi năm nên lấy ngày gần cuối kỳ nhất",
        "regime_due": "kế hoạch không nêu hạn; theo “{regime}”: {span} sau ngày chốt số liệu {cut_off}{skipped}",
        "last_day": "không nêu hạn: ngày cuối cùng của kế hoạch",
        "period_once": "thời gian thực hiện của kế hoạch",
        "period": "kỳ báo cáo theo “{regime}”: số liệu chốt ngày {day} của tháng cuối kỳ, kỳ sau bắt đầu ngay hôm sau",
        "period_last": "kỳ báo cáo theo “{regime}”: số liệu chốt ngày cuối tháng, kỳ sau bắt đầu ngay hôm sau",
        "period_week": "một tuần theo “{regime}”: số liệu chốt cuối ngày {day} hằng tuần",
        "period_listed": "kỳ “{name}” do chính kế hoạch liệt kê",
        "cut_off_regime": "ngày cuối của kỳ báo cáo; kế hoạch không nêu ngày chốt riêng",
        "period_on_demand": "đề nghị đột xuất vào ngày đầu của kỳ này, ngoài các kỳ của kế hoạch",
        "cut_off_on_demand": "ngày đề nghị báo cáo đột xuất",
        "opens_on_demand": "gửi ngay khi có đề nghị đột xuất, trong giờ làm việc",
        "due_on_demand": "theo đề nghị đột xuất",
        "opens": "{span} trước hạn {due}{skipped}",
        "opens_issued": "không sớm hơn ngày ban hành kế hoạch {issued}; tính {span} trước hạn thì là {planned}",
        "reminder": "{span} trước hạn {due}{skipped}",
        "reminder_moved": "{span} trước hạn {due} là {planned}, ngày nghỉ, nên nhắc sớm hơn{skipped}",
        "reminder_never": "không gửi: trước cả khi gửi đề nghị báo cáo ({opens})",
        "overdue": "ngày làm việc đầu tiên sau hạn {due}{skipped}",
        "rung": "{span} sau hạn {due}{skipped}",
        "rung_moved": "{span} sau hạn {due} là {planned}, ngày nghỉ, nên chuyển sang ngày làm việc kế tiếp{skipped}",
        "rung_passed_over": "bỏ qua: người nhận ở nấc này đã được báo ở nấc dưới",
        "closes": "{span} sau hạn {due}: hết giờ làm việc thì ghi nhận là thiếu báo cáo{skipped}",
        "default": " (mặc định của ngôn ngữ)",
        "waits_completed": "chỉ gửi đề nghị khi nhiệm vụ “{task}” ({cycle}) đã xong{lag}",
        "waits_due": "chỉ gửi đề nghị khi nhiệm vụ “{task}” ({cycle}) đã qua hạn{lag}",
        "lag": ", rồi chờ thêm {span}",
        "skipped": "; bỏ qua thứ Bảy, Chủ nhật{days}",
        "only_days": "; bỏ qua {days}",
        "off": "{day} ({reason})",
        "worked": "; có tính ngày làm bù {days}",
        "no_reason": "ngày nghỉ",
    },
    Language.EN: {
        "before": '"before {day}": {day} itself is too late, the last day is {last}',
        "by": '"by {day}": the day included',
        "in_month": '"in month {month}": to the end of its last day',
        "after_cut_off": "{span} after the cut-off {cut_off}{skipped}",
        "after_issue": "{span} after the plan was issued on {day}{skipped}",
        "after_task_completed": "{span} after the day on which the task “{task}” is completed; planned until then "
        "from its due date, {day}{skipped}",
        "after_task": "{span} after the due date of the task “{task}”, {day}{skipped}",
        "before_parent": "{span} before the report of the plan above is due, {day}{skipped}",
        "as_written": "as this line says",
        "no_year": "; written without a year: the one nearest to the end of the period",
        "regime_due": "the plan gives no date; by “{regime}”: {span} after the cut-off {cut_off}{skipped}",
        "last_day": "no date given: the last day of the plan",
        "period_once": "the plan's period",
        "period": "a period of “{regime}”: data close on day {day} of its last month, the next begins the day after",
        "period_last": "a period of “{regime}”: data close on the month's last day, the next begins the day after",
        "period_week": "a week of “{regime}”: data close at the end of each {day}",
        "period_listed": "the period “{name}”, listed by the plan itself",
        "cut_off_regime": "the last day of the period; the plan gives no cut-off of its own",
        "period_on_demand": "asked for on demand on that first day; no period of the plan",
        "cut_off_on_demand": "the day on which it was asked for",
        "opens_on_demand": "at once when it was asked for, in office hours",
        "due_on_demand": "as said when it was asked for",
        "opens": "{span} before the due date {due}{skipped}",
        "opens_issued": "not before the plan was issued, {issued}; {span} before the due date would be {planned}",
        "reminder": "{span} before the due date {due}{skipped}",
        "reminder_moved": "{span} before the due date {due} is {planned}, a day off, so earlier{skipped}",
        "reminder_never": "not sent: it would come before the request itself ({opens})",
        "overdue": "the first working day after the due date {due}{skipped}",
        "rung": "{span} after the due date {due}{skipped}",
        "rung_moved": "{span} after the due date {due} is {planned}, a day off, so on the next working day{skipped}",
        "rung_passed_over": "passed over: whoever it would reach was told by a rung below",
        "closes": "{span} after the due date {due}: at closing time it is noted as missing{skipped}",
        "default": " (the language's default)",
        "waits_completed": "asked for only when the task “{task}” ({cycle}) is completed{lag}",
        "waits_due": "asked for only when the task “{task}” ({cycle}) is past its due date{lag}",
        "lag": ", and {span} more have passed",
        "skipped": "; Saturdays and Sundays left out{days}",
        "only_days": "; left out: {days}",
        "off": "{day} ({reason})",
        "worked": "; make-up days counted: {days}",
        "no_reason": "day off",
    },
}

_RECIPIENTS: dict[Language, dict[Recipient, str]] = {
    Language.VI: {
        Recipient.AGENCY: "đơn vị",
        Recipient.FOCAL_POINT: "đầu mối của đơn vị",
        Recipient.DEPUTY: "cấp phó của đơn vị",
        Recipient.HEAD: "người đứng đầu đơn vị",
        Recipient.SUPERIOR: "cấp trên, {up} cấp",
        Recipient.ISSUER: "cơ quan ban hành",
    },
    Language.EN: {
        Recipient.AGENCY: "the agency",
        Recipient.FOCAL_POINT: "its focal point",
        Recipient.DEPUTY: "its deputy head",
        Recipient.HEAD: "its head",
        Recipient.SUPERIOR: "the superior, {up} up",
        Recipient.ISSUER: "the issuer",
    },
}


_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    Language.VI: ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def say(key: str, language: Language, **values: object) -> str:
    """A reason by its key."""
    return _TEXTS[language][key].format(**values)


def span(value: Span, language: Language) -> str:
    """A length of time: `5 ngày làm việc`."""
    return f"{value.count} {_UNITS[language][value.unit][value.count != 1]}"


def weekday(value: date, language: Language) -> str:
    """The day of the week."""
    return _WEEKDAYS[language][value.weekday()]


def recipient(rung: Rung, language: Language) -> str:
    """Whom a rung turns to, in general."""
    return _RECIPIENTS[language][rung.to].format(up=rung.up)


def due(rule: Due, last: date, cut_off: date, language: Language, skipped: str) -> str:
    """Why a rule gives the day `last`; of one that is not counted from another day than the cut-off."""
    if rule.after_cut_off is not None:
        return say(
            "after_cut_off",
            language,
            span=span(rule.after_cut_off, language),
            cut_off=wording.day(cut_off, language),
            skipped=skipped,
        )
    if rule.in_month is not None:
        month = f"{last.month}/{last.year}" if language is Language.VI else f"{last:%B %Y}"
        return say("in_month", language, month=month)
    for key, named in (("before", rule.before), ("by", rule.by)):
        if named is not None:
            meant = last + timedelta(days=1) if key == "before" else last
            told = say(key, language, day=wording.day(meant, language), last=wording.day(last, language))
            return told + (say("no_year", language) if isinstance(named, AnnualDay) else "")
    return say("as_written", language)


def skipped(first: date, last: date, spec: Calendar, calendar: WorkCalendar, language: Language) -> str:
    """The days off and make-up days after `first` up to `last`, as the end of a sentence; empty for none."""
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    weekend = any(day.weekday() >= 5 and not calendar.is_working(day) for day in days)
    off = [
        say("off", language, day=wording.day(day, language), reason=_reason(day, spec, calendar, language))
        for day in days
        if day.weekday() < 5 and not calendar.is_working(day)
    ]
    worked = [wording.day(day, language) for day in days if day.weekday() >= 5 and calendar.is_working(day)]
    told = ""
    if weekend:
        told = say("skipped", language, days="".join(f", {one}" for one in off))
    elif off:
        told = say("only_days", language, days=", ".join(off))
    return told + (say("worked", language, days=", ".join(worked)) if worked else "")


def _reason(day: date, spec: Calendar, calendar: WorkCalendar, language: Language) -> str:
    own = spec.holidays.get(day)
    return own or calendar.holiday_name(day, language.value) or say("no_reason", language)
