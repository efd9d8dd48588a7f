"""What the engine says to coordinators and chiefs, in Vietnamese and English."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flows.core.actions import (
    Action,
    Close,
    EndCycle,
    Escalate,
    Hold,
    MarkOverdue,
    Open,
    Redate,
    Remind,
    Resolve,
    TakeOver,
    Withdraw,
)
from flows.core.periods import Period
from flows.core.state import Status
from flows.shell.showing.view import TaskStanding
from flows.speech import Counted, counted
from schemas.model import Frequency, Language

_ROMAN = ("", "I", "II", "III", "IV")

_PERIODS: dict[Language, dict[Frequency, str]] = {
    Language.VI: {
        Frequency.ONCE: "Nhiệm vụ có thời hạn",
        Frequency.WEEK: "Tuần {number}/{year}",
        Frequency.MONTH: "Tháng {number}/{year}",
        Frequency.QUARTER: "Quý {roman}/{year}",
        Frequency.HALF_YEAR: "6 tháng đầu năm {year}",
        Frequency.NINE_MONTHS: "9 tháng đầu năm {year}",
        Frequency.YEAR: "Năm {year}",
        Frequency.LISTED: "{name}",
    },
    Language.EN: {
        Frequency.ONCE: "Tasks with a date",
        Frequency.WEEK: "Week {number} of {year}",
        Frequency.MONTH: "Month {number}/{year}",
        Frequency.QUARTER: "Quarter {roman} of {year}",
        Frequency.HALF_YEAR: "First half of {year}",
        Frequency.NINE_MONTHS: "First nine months of {year}",
        Frequency.YEAR: "Year {year}",
        Frequency.LISTED: "{name}",
    },
}

_WHY: dict[Language, dict[type[Action], str]] = {
    Language.VI: {
        Hold: "chờ nhiệm vụ phải xong trước: {waits}",
        Open: "đến thời điểm đề nghị báo cáo; hạn hết ngày {due}",
        TakeOver: "lấy kết quả tổng hợp từ kế hoạch của chính đơn vị",
        Remind: "nhắc việc lần {step}/{steps}: còn {days} ngày làm việc đến hạn {due}",
        MarkOverdue: "đã quá hạn {due}, chưa nhận được báo cáo",
        Escalate: "đôn đốc nấc {step}/{steps}: quá hạn {days} ngày làm việc kể từ {due}",
        Close: "hết thời gian chờ; ghi nhận là thiếu báo cáo",
        Resolve: "báo cáo đã đến hoặc không còn phải gửi; báo lại cấp trên",
        EndCycle: "tổng hợp và kết thúc kỳ báo cáo",
        Redate: "kế hoạch đổi thời hạn: {was} → {due}",
        Withdraw: "kế hoạch không còn yêu cầu báo cáo này",
    },
    Language.EN: {
        Hold: "waiting for what must come first: {waits}",
        Open: "time to ask for the report; due by the end of {due}",
        TakeOver: "the consolidated result of the agency's own plan is taken",
        Remind: "reminder {step} of {steps}: {days:working day|working days} left until {due}",
        MarkOverdue: "overdue since {due}, no report received",
        Escalate: "rung {step} of {steps}: {days:working day|working days} late, due {due}",
        Close: "the time of waiting is over; noted as missing",
        Resolve: "the report came, or is no longer owed; those above are told",
        EndCycle: "consolidate and end the period",
        Redate: "the plan has moved the due date: {was} → {due}",
        Withdraw: "the plan no longer asks for this report",
    },
}

_NEXT: dict[Language, dict[type[Action], str]] = {
    Language.VI: {
        Hold: "xem xét nhiệm vụ đang chờ",
        Open: "gửi đề nghị báo cáo",
        TakeOver: "lấy kết quả cấp dưới",
        Remind: "nhắc việc",
        MarkOverdue: "kiểm tra quá hạn",
        Escalate: "đôn đốc lên cấp trên",
        Close: "khép các báo cáo còn thiếu",
        Resolve: "báo cấp trên là đã xong",
        EndCycle: "tổng hợp, kết thúc kỳ",
        Redate: "báo thời hạn mới",
        Withdraw: "báo rút đề nghị",
    },
    Language.EN: {
        Hold: "look at what is waiting",
        Open: "ask for reports",
        TakeOver: "take the result from below",
        Remind: "reminder",
        MarkOverdue: "check what is overdue",
        Escalate: "escalate",
        Close: "close what is missing",
        Resolve: "tell those above that it is settled",
        EndCycle: "consolidate and end",
        Redate: "tell the new due date",
        Withdraw: "tell that it is withdrawn",
    },
}

_TEXTS: dict[Language, dict[str, str]] = {
    Language.VI: {
        "count": "{reported}/{owed} đã báo cáo",
        "count_overdue": "{reported}/{owed} đã báo cáo, {overdue} quá hạn",
        "message": "{count}; kế tiếp: {next} {at}",
        "message_ended": "{count}; còn thiếu {missing}",
        "message_waiting": "{count}; đang chờ nhiệm vụ khác",
        "moved": "; hạn lùi vì nhiệm vụ phải chờ xong muộn",
        "state_open": "Chờ báo cáo",
        "state_overdue": "Có báo cáo quá hạn",
        "state_waiting": "Chờ nhiệm vụ trước",
        "state_all_in": "Đã đủ báo cáo",
        "state_complete": "Đã kết thúc, đủ báo cáo",
        "state_missing": "Đã kết thúc, thiếu báo cáo",
        "state_stopped": "Đã dừng",
        "to": "gửi {to}",
        "why_accepted": "xác nhận đã nhận báo cáo",
        "why_resolved": "báo lại cấp trên: báo cáo đã đến hoặc không còn phải gửi",
        "why_redirected": "thư gửi địa chỉ trước không đến được",
        "why_stands_in": "người nhận trước vắng mặt, không về kịp thời hạn",
        "why_unreachable": "thư không đến được địa chỉ nào của cơ quan",
        "why_partly": "đề nghị bổ sung, chỉnh sửa một số chỉ tiêu",
        "why_refused": "chưa đọc được số liệu trong thư trả lời",
        "why_closed": "kỳ báo cáo đã kết thúc khi thư đến",
        "why_digest": "những việc đang chờ người quyết định",
        "why_withdrawn": "đề nghị báo cáo đã được rút trước khi thư đến",
        "why_not-decided": "thư quyết định gửi từ địa chỉ không có trong danh bạ",
        "why_which-report": "chưa rõ thư của đơn vị thuộc báo cáo nào",
        "operator": "Người vận hành hệ thống đôn đốc",
        "no_subject": "(thư không có tiêu đề)",
        "why_petition": "đơn vị có đề nghị cần quyết định",
        "why_extended": "đồng ý gia hạn theo đề nghị của đơn vị",
        "why_declined": "không đồng ý đề nghị của đơn vị",
        "why_handed-over": "đã chuyển đơn vị khác báo cáo",
        "why_answered": "trả lời câu hỏi của đơn vị",
        "why_request": "được chuyển đến để báo cáo thay",
        "note_received": "đã báo nhận {day}",
        "note_acting": "{agency} báo cáo thay",
        "note_granted": "đã gia hạn đến {until}",
        "note_away": "{address} trả lời tự động: vắng mặt",
        "note_away_until": "{address} trả lời tự động: vắng mặt, ngày {day} trở lại",
        "note_dead": "không gửi được thư đến {address} từ ngày {day} ({answer})",
        "note_sent_on": "đã gửi đến {addresses} thay thế",
        "note_named": "giới thiệu liên hệ {address}, chưa có trong danh bạ nên chưa gửi thư đến đó",
        "note_extension_until": "xin gia hạn đến {until}, chờ quyết định",
        "note_extension-request": "xin gia hạn, chờ quyết định",
        "note_delegation": "đề nghị chuyển đơn vị khác, chờ quyết định",
        "note_question": "có câu hỏi, chờ trả lời",
        "note_forward": "đã chuyển tiếp thư, chờ xem xét",
        "mail_down": "; thư chưa gửi được: máy chủ thư không trả lời",
        "mails_sent": "; vừa gửi {n} thư",
        "not_here": "Không có báo cáo trong kỳ này",
        "on_demand": "Đột xuất ngày {day}",
        "on_demand_again": "Đột xuất ngày {day} (lần {number})",
    },
    Language.EN: {
        "count": "{reported}/{owed} in",
        "count_overdue": "{reported}/{owed} in, {overdue} overdue",
        "message": "{count}; next: {next} {at}",
        "message_ended": "{count}; {missing} missing",
        "message_waiting": "{count}; waiting for another task",
        "moved": "; the due date was moved because what came before ended late",
        "state_open": "Awaiting reports",
        "state_overdue": "Reports overdue",
        "state_waiting": "Waiting for an earlier task",
        "state_all_in": "All reports in",
        "state_complete": "Ended, complete",
        "state_missing": "Ended, reports missing",
        "state_stopped": "Stopped",
        "to": "to {to}",
        "why_accepted": "the report was received",
        "why_resolved": "those above are told that the delay is over",
        "why_redirected": "the mail to the address before could not be delivered",
        "why_stands_in": "whoever it was for is away and not back in time",
        "why_unreachable": "no mail reaches the agency",
        "why_partly": "some fields must be sent again",
        "why_refused": "no figures could be read in the answer",
        "why_closed": "the period had ended when the answer came",
        "why_digest": "what waits for a person",
        "why_withdrawn": "the request had been withdrawn when the answer came",
        "why_not-decided": "a decision came from an address that is not on file",
        "why_which-report": "it is not clear which report a mail is about",
        "operator": "Whoever runs dondoc",
        "no_subject": "(a mail without a subject)",
        "why_petition": "the agency asks for something that is to be decided",
        "why_extended": "more time was granted, as the agency asked",
        "why_declined": "what the agency asked for was not granted",
        "why_handed-over": "another agency answers from now on",
        "why_answered": "the coordinator answers a question",
        "why_request": "handed over to this agency",
        "note_received": "says that it came, {day}",
        "note_acting": "answered by {agency}",
        "note_granted": "more time granted until {until}",
        "note_away": "{address} answers automatically: away",
        "note_away_until": "{address} answers automatically: away, back on {day}",
        "note_dead": "no mail reaches {address} since {day} ({answer})",
        "note_sent_on": "sent to {addresses} instead",
        "note_named": "names {address}, which is not on file and was not written to",
        "note_extension_until": "asks for time until {until}; to be decided",
        "note_extension-request": "asks for more time; to be decided",
        "note_delegation": "says it is another's; to be decided",
        "note_question": "asks a question; to be answered",
        "note_forward": "passed the mail on; to be looked at",
        "mail_down": "; mail not sent yet: the mail server does not answer",
        "mails_sent": "; {n:mail|mails} just sent",
        "not_here": "no report in this period",
        "on_demand": "On demand, {day}",
        "on_demand_again": "On demand, {day} (no. {number})",
    },
}

_STATUSES: dict[Language, dict[Status, str]] = {
    Language.VI: {
        Status.SCHEDULED: "Chưa đến kỳ",
        Status.WAITING: "Chờ nhiệm vụ trước",
        Status.OPEN: "Trong hạn, chưa báo cáo",
        Status.OVERDUE: "Quá hạn, chưa báo cáo",
        Status.REPORTED: "Đã báo cáo đúng hạn",
        Status.REPORTED_LATE: "Đã báo cáo, quá hạn",
        Status.MISSING: "Không báo cáo",
        Status.WITHDRAWN: "Không yêu cầu (đã rút)",
    },
    Language.EN: {
        Status.SCHEDULED: "not yet asked for",
        Status.WAITING: "waiting for an earlier task",
        Status.OPEN: "in progress, within the deadline",
        Status.OVERDUE: "in progress, overdue",
        Status.REPORTED: "reported on time",
        Status.REPORTED_LATE: "reported late",
        Status.MISSING: "missing",
        Status.WITHDRAWN: "withdrawn, not owed",
    },
}

_STANDINGS: dict[Language, dict[TaskStanding, str]] = {
    Language.VI: {
        TaskStanding.NO_REPORT: "Không có báo cáo trong kỳ",
        TaskStanding.NOT_YET: "Chưa đến kỳ",
        TaskStanding.WAITING: "Chờ nhiệm vụ trước",
        TaskStanding.OPEN: "Chờ báo cáo",
        TaskStanding.OVERDUE: "Quá hạn",
        TaskStanding.DONE: "Đủ báo cáo",
        TaskStanding.MISSING: "Thiếu báo cáo",
    },
    Language.EN: {
        TaskStanding.NO_REPORT: "no report in this period",
        TaskStanding.NOT_YET: "not yet",
        TaskStanding.WAITING: "waiting for an earlier task",
        TaskStanding.OPEN: "awaiting reports",
        TaskStanding.OVERDUE: "overdue",
        TaskStanding.DONE: "all in",
        TaskStanding.MISSING: "reports missing",
    },
}


def cycle_name(period: Period, language: Language) -> str:
    """What people call a period: "Tháng 3/2024"."""
    if period.demand is not None:
        asked_on = day(period.demand.asked_on, language)
        key = "on_demand" if period.number == 1 else "on_demand_again"
        return text(key, language, day=asked_on, number=period.number)
    pattern = _PERIODS[language][period.frequency]
    roman = _ROMAN[period.number] if period.number < len(_ROMAN) else str(period.number)
    return pattern.format(number=period.number, roman=roman, year=period.year, name=period.name)


def day(value: date, language: Language) -> str:
    """A date as it is written: 29/11/2024, or 29 Nov 2024."""
    return f"{value:%d/%m/%Y}" if language is Language.VI else f"{value:%d %b %Y}"


def instant(value: datetime, zone: ZoneInfo, language: Language) -> str:
    """An instant as it is written at the office: 08:00 29/11/2024."""
    local = value.astimezone(zone)
    return f"{local:%H:%M} {day(local.date(), language)}"


def why(action: Action, language: Language) -> str:
    """The reason for an action, in a sentence without a full stop."""
    pattern = _WHY[language][type(action)]
    match action:
        case Hold(waits_for=waits):
            return pattern.format(waits=", ".join(waits))
        case Open(due_on=due, moved=moved):
            return pattern.format(due=day(due, language)) + (_TEXTS[language]["moved"] if moved else "")
        case Remind(step=step, steps=steps, days_left=days, due_on=due):
            return pattern.format(step=step, steps=steps, days=Counted(days), due=day(due, language))
        case Escalate(step=step, steps=steps, days_late=days, due_on=due):
            return pattern.format(step=step, steps=steps, days=Counted(days), due=day(due, language))
        case MarkOverdue(due_on=due):
            return pattern.format(due=day(due, language))
        case Redate(due_on=due, was_due_on=was):
            return pattern.format(due=day(due, language), was=day(was, language))
        case _:
            return pattern


def next_step(action: Action, language: Language) -> str:
    """What will be done next, in a few words."""
    return _NEXT[language][type(action)]


def text(key: str, language: Language, **values: object) -> str:
    """A sentence of the engine's, by its key."""
    return _TEXTS[language][key].format(**counted(values))


def status(value: Status, language: Language) -> str:
    """Where a request stands, in the words of official follow-up."""
    return _STATUSES[language][value]


def standing(value: TaskStanding, language: Language) -> str:
    """How a task stands."""
    return _STANDINGS[language][value]


def number(value: float, language: Language) -> str:
    """A number as it is written: 1.250,5 in Vietnamese, 1,250.5 in English."""
    plain = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")
    return plain.translate(str.maketrans(",.", ".,")) if language is Language.VI else plain
