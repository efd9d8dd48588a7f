"""A shell and a ledger in memory: cycles that follow a script, one line of it per pass."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from flows.runs.ports import DueCycle
from flows.shell.showing.view import CycleView, PlanOutline, Sheet, TaskNode, TaskStanding, TaskView

Standings = Mapping[str, tuple[TaskStanding, int, int]]  # by task: how it stands, reported, owed
WORDS = {
    TaskStanding.NO_REPORT: "Nhiệm vụ thường xuyên, kế hoạch không yêu cầu báo cáo riêng",
    TaskStanding.NOT_YET: "Mở đề nghị báo cáo ngày 01/11/2024",
    TaskStanding.WAITING: "Chờ nhiệm vụ III.1 hoàn thành",
    TaskStanding.OPEN: "Đã gửi đề nghị; kế tiếp: nhắc việc 08:00 25/11/2024",
    TaskStanding.OVERDUE: "Quá hạn 3 ngày; đã báo cáo lên cấp trên trực tiếp",
    TaskStanding.DONE: "Các đơn vị đã báo cáo đủ",
    TaskStanding.MISSING: "Đã khép; các đơn vị chưa báo cáo được ghi rõ trong kết quả",
}


@dataclass
class FakeCycle:
    """A cycle and its script: what each pass finds. After the last line it ends, if `ends`."""

    plan_id: str
    key: str
    name: str
    script: Sequence[Standings]
    ends: bool = True
    run_id: str | None = None
    run_no: int = 0
    passes: int = 0
    due: bool = True
    claimed: bool = False
    stopped: str | None = None
    acted: list[tuple[int, str]] = field(default_factory=list)
    fails_on: str | None = None

    @property
    def ended(self) -> bool:
        return self.ends and self.passes >= len(self.script)


class FakeLedger:
    """Both sides that the Prefect rooms see: passes over cycles, and waking."""

    def __init__(self, outlines: Sequence[PlanOutline], cycles: Sequence[FakeCycle]) -> None:
        self.outlines = {outline.plan_id: outline for outline in outlines}
        self.cycles = {(cycle.plan_id, cycle.key): cycle for cycle in cycles}
        self.lock = threading.RLock()

    def outline(self, plan_id: str) -> PlanOutline:
        return self.outlines[plan_id]

    def start_pass(self, plan_id: str, cycle_key: str) -> FakePass:
        with self.lock:
            cycle = self.cycles[plan_id, cycle_key]
            cycle.due = cycle.claimed = False
            return FakePass(self.outlines[plan_id], cycle)

    def wake(self, plan_id: str, cycle_key: str) -> None:
        """Say that the time to look at the cycle again has come."""
        with self.lock:
            self.cycles[plan_id, cycle_key].due = True

    def claim_due(self, limit: int) -> Sequence[DueCycle]:
        with self.lock:
            due = [
                cycle
                for cycle in self.cycles.values()
                if cycle.due and not cycle.claimed and not cycle.ended and cycle.stopped is None
            ][:limit]
            for cycle in due:
                cycle.claimed = True
            return [_due(cycle) for cycle in due]

    def open_cycles(self) -> Sequence[DueCycle]:
        with self.lock:
            return [
                _due(cycle)
                for cycle in self.cycles.values()
                if cycle.run_no and not cycle.ended and cycle.stopped is None
            ]

    def bind_run(self, plan_id: str, cycle_key: str, run_id: str, run_no: int) -> None:
        with self.lock:
            cycle = self.cycles[plan_id, cycle_key]
            cycle.run_id, cycle.run_no = run_id, run_no

    def release(self, plan_id: str, cycle_key: str) -> None:
        with self.lock:
            self.cycles[plan_id, cycle_key].claimed = False

    def stop(self, plan_id: str, cycle_key: str, why: str) -> None:
        with self.lock:
            self.cycles[plan_id, cycle_key].stopped = why


class FakePass:
    """One line of the script."""

    def __init__(self, outline: PlanOutline, cycle: FakeCycle) -> None:
        self._outline = outline
        self._cycle = cycle
        self._line = min(cycle.passes, len(cycle.script) - 1)

    def changed_tasks(self) -> frozenset[str]:
        if self._cycle.passes >= len(self._cycle.script):
            return frozenset()
        now = self._cycle.script[self._line]
        before = self._cycle.script[self._line - 1] if self._line else {}
        return frozenset(task for task in now if now[task] != before.get(task))

    def act(self, task_id: str) -> TaskView:
        if task_id == self._cycle.fails_on:
            raise OSError("máy chủ thư từ chối")
        self._cycle.acted.append((self._cycle.passes + 1, task_id))
        return self._view(task_id, mails=1)

    def finish(self) -> CycleView:
        cycle = self._cycle
        cycle.passes += 1
        views = tuple(self._view(task.id, mails=0) for task in self._outline.tasks)
        reported, owed = sum(view.reported for view in views), sum(view.owed for view in views)
        late = any(view.standing is TaskStanding.OVERDUE for view in views)
        state = "Đã khép" if cycle.ended else "Có báo cáo quá hạn" if late else "Chờ báo cáo"
        return CycleView(
            plan_id=cycle.plan_id,
            cycle_key=cycle.key,
            cycle_name=cycle.name,
            pass_no=cycle.passes,
            ended=cycle.ended,
            stopped=cycle.stopped is not None,
            state_name=state,
            message=f"{reported}/{owed} đã báo cáo; kế tiếp: nhắc việc 08:00 25/11/2024",
            progress=100 * reported / max(owed, 1),
            wake_at=None,
            tasks=views,
            sheet=Sheet(
                columns=("Nhiệm vụ", "Đã báo cáo", "Tình trạng"),
                rows=tuple(
                    (task.title, f"{view.reported}/{view.owed}", view.message)
                    for task, view in zip(self._outline.tasks, views, strict=True)
                ),
            ),
            result=f"## Kết quả tổng hợp\n\n{reported} trong {owed} báo cáo đã nhận.\n",
        )

    def _view(self, task_id: str, *, mails: int) -> TaskView:
        standing, reported, owed = self._cycle.script[self._line][task_id]
        return TaskView(
            id=task_id,
            standing=standing,
            reported=reported,
            owed=owed,
            mails_sent=mails,
            message=WORDS[standing],
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return


def _due(cycle: FakeCycle) -> DueCycle:
    return DueCycle(
        plan_id=cycle.plan_id,
        cycle_key=cycle.key,
        run_id=cycle.run_id,
        run_no=cycle.run_no,
        cycle_name=cycle.name,
    )


DAK_LAK = PlanOutline(
    plan_id="dak-lak-143",
    number="143/KH-UBND",
    title="Kế hoạch thông tin đối ngoại tỉnh Đắk Lắk năm 2024, định hướng đến năm 2030",
    issuer="Ủy ban nhân dân tỉnh Đắk Lắk",
    tasks=tuple(
        TaskNode(id=f"t{number:02}", title=title, after=after)
        for number, (title, after) in enumerate(
            (
                ("Quán triệt, phổ biến kế hoạch", ()),
                ("Sở Thông tin và Truyền thông: cơ sở dữ liệu thông tin đối ngoại", ("t01",)),
                ("Sở Ngoại vụ: phóng viên nước ngoài", ("t01",)),
                ("Sở Văn hóa, Thể thao và Du lịch: quảng bá văn hóa cồng chiêng", ("t01",)),
                ("Sở Công Thương: xúc tiến thương mại cà phê", ("t01",)),
                ("Sở Kế hoạch và Đầu tư: xúc tiến đầu tư", ("t01",)),
                ("Sở Giáo dục và Đào tạo", ("t01",)),
                ("Sở Khoa học và Công nghệ: chỉ dẫn địa lý", ("t01",)),
                ("Sở Tài chính: bố trí kinh phí", ()),
                ("Công an tỉnh", ("t01",)),
                ("Bộ Chỉ huy Bộ đội Biên phòng tỉnh", ("t01",)),
                ("Đài Phát thanh và Truyền hình tỉnh", ("t02",)),
                ("Báo Đắk Lắk", ("t02",)),
                ("Ban Dân tộc tỉnh", ()),
                ("Ủy ban nhân dân các huyện, thị xã, thành phố", ("t01",)),
                ("Tổng hợp báo cáo gửi Bộ Thông tin và Truyền thông", ("t12", "t13", "t15")),
            ),
            start=1,
        )
    ),
)
