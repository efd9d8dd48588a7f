"""`simulate` prints exactly the mails that the engine would send, for the real plans and for made-up ones."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.core.calendar import WorkCalendar
from flows.core.cycle import cycles
from flows.shell.showing.simulation import EVERYBODY, simulate
from flows.shell.showing.status import as_json, read_status
from notifiers.replies import Reading
from schemas.catalogue import Bundle, Catalogue
from schemas.check import check
from schemas.model import Span
from tests.bundles import POLICY, at, bundle, task
from tests.driving import IDENTITY, Driven, driven, read, reply_to
from tests.ledgers import rows

Told = tuple[datetime, str, str, str, tuple[str, ...], str, str]
"""When, of what kind, to whom, about which cycle, tasks and agency, and why."""

PLANS = sorted(path.stem for path in Path("plan_specs/plans").glob("*.yaml"))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    found = check([Path("plan_specs")])
    assert found.catalogue is not None
    return found.catalogue


def simulated(plan: Bundle, *silent: str) -> list[Told]:
    return [
        (one.at, one.kind, str(one.to.mailbox), one.cycle, one.tasks, one.agency, one.why)
        for one in simulate(plan, silent, IDENTITY)
    ]


def driven_for_real(engine: Driven, plan: Bundle, *silent: str) -> list[Told]:
    """The same habits, played through passes, intake and outbox: who is asked answers in the next morning."""
    calendar = WorkCalendar.of(plan.calendar)
    answers: dict[datetime, list[tuple[bytes, str]]] = {}
    seen = 0
    end = at("2040-01-01")
    while True:
        mails = rows(engine.ledger, "outbox")
        requests = {row["id"]: row for row in rows(engine.ledger, "request")}
        for row in (one for one in mails[seen:] if one["carried_by"] is None):
            agency = requests[row["request_id"]]["agency"]
            if row["kind"] == "request" and not {agency, EVERYBODY} & set(silent):
                morning = calendar.opening(calendar.next_working_day(calendar.day_of(row["created_at"])))
                message = read(
                    next(mail for mail in engine.mailer.tried if mail.message_id == row["message_id"])
                )
                together = [one for one in mails if one["message_id"] == row["message_id"]]
                said = "".join(f"Báo cáo {place}: Đã làm\n" for place in range(1, len(together) + 1))
                answers.setdefault(morning, []).append(
                    (reply_to(message, said, sender=f"{agency}@x.example"), str(message["Reply-To"]))
                )
        seen = len(mails)
        following = [row["wake_at"] for row in rows(engine.ledger, "cycle") if row["wake_at"] is not None]
        if not following and not answers:
            break
        now = min([*following, *answers, end])
        assert now < end, "it never ends"
        engine.clock.set(now)
        for raw, to in answers.pop(now, []):
            engine.receive(raw, to)
        engine.run_until(now)
    keys = {row["id"]: row["key"] for row in rows(engine.ledger, "cycle")}
    mails = rows(engine.ledger, "outbox")
    tasks: dict[str, list[str]] = {}
    for row in mails:
        tasks.setdefault(row["message_id"], []).append(row["task"])
    return [
        (
            row["created_at"],
            row["kind"],
            row["envelope_to"][0],
            keys[row["cycle_id"]],
            tuple(tasks[row["message_id"]]),
            requests[row["request_id"]]["agency"],
            row["why"],
        )
        for row in mails
        if row["carried_by"] is None
    ]


def whole_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated agencies report in full; what a full report is, is the mail floor's own matter."""
    monkeypatch.setattr(
        "flows.shell.incoming.receiving.read_values",
        lambda *_: Reading(values={"text": "x"}, problems=(), found=frozenset({"text"})),
    )


@pytest.mark.parametrize(
    ("plan_id", "silent"),
    [
        ("kien-giang-97-2023", ()),  # tasks that wait for tasks, over several cycles
        ("kien-giang-97-2023", (EVERYBODY,)),
        ("kon-tum-ca-2024", (EVERYBODY,)),  # cycles that overlap
        ("cau-ngang-99-2024", ("phong-vhtt-cau-ngang",)),
    ],
)
def test_the_engine_sends_what_the_simulation_told(
    catalogue: Catalogue,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    plan_id: str,
    silent: tuple[str, ...],
) -> None:
    whole_answers(monkeypatch)
    alone = catalogue.bundle(plan_id)
    spec = alone.spec.model_copy(update={"plan": alone.spec.plan.model_copy(update={"implements": []})})
    plan = alone.model_copy(update={"spec": spec})
    with driven(tmp_path, at("2019-01-01"), plan) as engine:
        real = driven_for_real(engine, plan, *silent)
        told = simulated(plan, *silent)
        assert [one[:2] for one in told] == [one[:2] for one in real]
        assert sorted(told) == sorted(real)
        assert len(told) > 10


@pytest.mark.parametrize("silent", ["nobody", "xa-1"])
def test_what_is_counted_from_a_completion_is_told_as_it_will_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: str
) -> None:
    whole_answers(monkeypatch)
    after = {"after_task": {"task": "truoc", "span": "5 working days", "on": "completed"}}
    form = {"form": "bieu-mau"}
    plan = bundle(task("truoc", report=form), task("sau", lead="xa-2", report={"due": after, **form}))
    with driven(tmp_path, at("2024-11-01"), plan) as engine:
        real = driven_for_real(engine, plan, silent)
    told = simulated(plan, silent)
    assert sorted(told) == sorted(real)
    asked = next(one[0] for one in told if (one[1], one[4]) == ("request", ("sau",)))
    assert asked == at("2024-11-18" if silent == "nobody" else "2024-12-12")


@pytest.mark.parametrize("plan_id", PLANS)
def test_silence_is_chased_to_the_end_and_answers_are_not_chased_at_all(
    catalogue: Catalogue, plan_id: str
) -> None:
    plan = catalogue.bundle(plan_id)
    requests = sum(len(one.owners) for cycle in cycles(plan) for one in cycle.tasks)
    answered = [one[1] for one in simulated(plan) for _ in one[4]]
    assert answered.count("request") == answered.count("accepted") == requests
    assert len(answered) == 2 * requests
    silent = [one[1] for one in simulated(plan, EVERYBODY) for _ in one[4]]
    assert silent.count("request") == silent.count("overdue") == silent.count("missing") == requests
    assert "accepted" not in silent


def test_the_mails_are_told_in_the_order_of_time_in_office_hours(catalogue: Catalogue) -> None:
    for plan_id in PLANS:
        plan = catalogue.bundle(plan_id)
        calendar = WorkCalendar.of(plan.calendar)
        moments = [one[0] for one in simulated(plan, EVERYBODY)]
        assert moments == sorted(moments)
        for moment in set(moments):
            assert calendar.in_office(moment - timedelta(minutes=1)) <= moment, f"{plan_id}: {moment}"


def test_only_the_agencies_named_are_silent() -> None:
    plan = bundle(task(lead=["xa-1", "xa-2"]))
    chased = {one[5] for one in simulated(plan, "xa-2") if one[1] in ("reminder", "overdue", "escalation")}
    assert chased == {"xa-2"}
    assert {one[5] for one in simulated(plan, "xa-2") if one[1] == "accepted"} == {"xa-1"}


def test_an_answer_that_came_with_the_morning_s_mail_is_read_before_anybody_is_reminded() -> None:
    hasty = POLICY.model_copy(update={"opens": Span.parse("2 working days")})
    mails = [one[:2] for one in simulated(bundle(task(), policy=hasty))]
    assert mails == [(at("2024-11-27"), "request"), (at("2024-11-28"), "accepted")]


def test_a_simulated_mail_says_as_json_all_that_there_is_to_know() -> None:
    (first, *_) = simulate(bundle(), (EVERYBODY,), IDENTITY)
    told = json.loads(json.dumps(first.as_json()))
    assert told == {
        "at": "2024-11-15T08:00:00+07:00",
        "kind": "request",
        "to": "xa-1@xa.example",
        "cc": [],
        "subject": told["subject"],
        "plan": "ke-hoach",
        "cycle": "once",
        "task": "bao-cao",
        "tasks": ["bao-cao"],
        "agency": "xa-1",
        "why": "đến thời điểm đề nghị báo cáo; hạn hết ngày 29/11/2024",
        "channel": None,
    }
    assert "99/KH-UBND" in told["subject"]


def test_a_simulation_writes_as_often_as_there_are_requests_and_no_more() -> None:
    """The cost is linear: looked at by the number of letters written, never by the clock."""
    agencies = bundle().agencies
    many = {f"xa-{n}": replace_id(agencies["xa-1"], f"xa-{n}") for n in range(200)} | dict(agencies)
    plan = bundle(task(lead=[f"xa-{n}" for n in range(200)]), agencies=many)
    assert len(simulate(plan, (EVERYBODY,), IDENTITY)) == 200 * 8


def replace_id(agency, id_: str):  # noqa: ANN001, ANN201
    return agency.model_copy(update={"id": id_})


def test_status_tells_each_cycle_in_figures(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-11-01"), bundle(task(lead=["xa-1", "xa-2"]))) as engine:
        planned = as_json(read_status(engine.ledger, engine.shell.versions))
        assert planned["plans"][0]["cycles"][0]["next"] == {
            "action": "open",
            "at": at("2024-11-15").astimezone(tz=planned_zone(planned)).isoformat(),
        }
        engine.run_until(at("2024-12-06"))
        told = json.loads(json.dumps(as_json(read_status(engine.ledger, engine.shell.versions))))
    assert told == {
        "plans": [
            {
                "plan": "ke-hoach",
                "number": "99/KH-UBND",
                "title": "Kế hoạch",
                "cycles": [
                    {
                        "cycle": "once",
                        "name": "Nhiệm vụ có thời hạn",
                        "state": "active",
                        "requests": {
                            "scheduled": 0,
                            "waiting": 0,
                            "open": 0,
                            "overdue": 2,
                            "reported": 0,
                            "reported-late": 0,
                            "missing": 0,
                            "withdrawn": 0,
                        },
                        "escalations": {"1": 2, "2": 2},
                        "next": {"action": "escalate", "at": "2024-12-09T01:00:00+00:00"},
                        "landed": [],
                    }
                ],
            }
        ],
        "mails": {"sent": 12},
        "unplaced_mails": 0,
        "unreachable": 0,
        "unreached": [],
        "waiting": {"mails": 0, "to_decide": 0, "troubled_mails": 0},
        "channels": {},
        "silent_channels": {},
    }


def planned_zone(told):  # noqa: ANN001, ANN201
    return datetime.fromisoformat(told["plans"][0]["cycles"][0]["next"]["at"]).tzinfo


def test_a_held_up_dependency_is_told_in_the_simulation_too() -> None:
    plan = bundle(
        task("truoc"), task("sau", lead="xa-2", after="truoc", report={"due": {"by": "2024-12-02"}})
    )
    opened = {
        name: (one[0], one[6]) for one in simulated(plan, "xa-1") if one[1] == "request" for name in one[4]
    }
    assert opened["sau"][0] == at("2024-12-12")
    assert "hạn lùi" in opened["sau"][1]
