"""Plans made by hand, in the smallest words of the language, for the tests of the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.core.calendar import WorkCalendar
from flows.core.cycle import CyclePlan, cycles
from schemas.catalogue import Bundle
from schemas.model import Agency, Calendar, Escalation, Form, PlanFile, Regime

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DECREE_09 = Regime.model_validate({"title": "Nghị định 09/2019", "cut_off_day": 14})
CALENDAR_PERIODS = Regime.model_validate({"title": "Kỳ dương lịch", "cut_off_day": "last"})
VIET_NAM = Calendar.model_validate({"title": "Việt Nam"})

POLICY = Escalation.model_validate(
    {
        "title": "Đôn đốc",
        "opens": "10 working days",
        "reminders": ["5 working days", "1 working day"],
        "ladder": [
            {"after": "2 working days", "to": "head"},
            {"after": "4 working days", "to": "superior"},
            {"after": "6 working days", "to": "superior", "up": 2},
        ],
        "closes": "8 working days",
        "at_least": "3 working days",
    }
)

FORM = Form.model_validate(
    {
        "title": "Kết quả",
        "fields": [
            {"id": "so-tin", "label": "Số tin, bài", "type": "integer", "min": 0},
            {"id": "kinh-phi", "label": "Kinh phí", "type": "number", "min": 0},
            {"id": "ket-qua", "label": "Kết quả nổi bật"},
        ],
    }
)

AGENCIES = {
    "huyen": Agency.model_validate(
        {"id": "huyen", "name": "UBND huyện", "superior": "tinh", "mailbox": "huyen@huyen.example"}
    ),
    "tinh": Agency.model_validate({"id": "tinh", "name": "UBND tỉnh", "mailbox": "tinh@tinh.example"}),
} | {
    f"xa-{n}": Agency.model_validate(
        {"id": f"xa-{n}", "name": f"UBND xã {n}", "superior": "huyen", "mailbox": f"xa-{n}@xa.example"}
    )
    for n in range(1, 6)
}


def at(text: str) -> datetime:
    """An instant at the office: "2024-11-29 08:00"; without a time the office has just opened."""
    return datetime.fromisoformat(text if " " in text else f"{text} 08:00").replace(tzinfo=ZONE)


def task(
    id_: str = "bao-cao",
    *,
    lead: str | Sequence[str] = "xa-1",
    report: Mapping[str, Any] | None = None,
    **more: object,
) -> dict[str, Any]:
    """A task whose one report is due by 29/11/2024, a Friday."""
    return {
        "id": id_,
        "title": f"Nhiệm vụ {id_}",
        "lead": lead,
        **more,
        "report": {"due": {"by": "2024-11-29"}, **(report or {})},
    }


def bundle(
    *tasks: Mapping[str, Any],
    policy: Escalation = POLICY,
    regime: Regime = DECREE_09,
    calendar: Calendar = VIET_NAM,
    agencies: Mapping[str, Agency] | None = None,
    forms: Mapping[str, Form] | None = None,
    **plan: object,
) -> Bundle:
    """A plan of the district for 2024 with these tasks; `plan` replaces any of its keys."""
    spec = PlanFile.model_validate(
        {
            "plan": {
                "id": "ke-hoach",
                "number": "99/KH-UBND",
                "title": "Kế hoạch",
                "issuer": "huyen",
                "issued_on": "2024-01-02",
                "period": {"from": "2024-01-01", "to": "2024-12-31"},
                "regime": "r",
                "calendar": "c",
                "escalation": "e",
                **plan,
            },
            "tasks": [dict(one) for one in tasks or (task(),)],
        }
    )
    return Bundle(
        spec=spec,
        agencies=dict(agencies or AGENCIES),
        groups={},
        regime=regime,
        calendar=calendar,
        escalations={"e": policy},
        forms=dict(forms or {"bieu-mau": FORM}),
    )


def cycle(*tasks: Mapping[str, Any], **more: Any) -> CyclePlan:  # noqa: ANN401 - what a bundle takes
    """The only cycle of a plan with these tasks."""
    (only,) = cycles(bundle(*tasks, **more))
    return only


def work_calendar(**more: object) -> WorkCalendar:
    """The calendar of Viet Nam, with overrides."""
    return WorkCalendar.of(Calendar.model_validate({"title": "Việt Nam", **more}))
