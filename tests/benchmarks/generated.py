"""Made-up specs of a size that no hand would write: a large plan, and a plan for every unit of a country."""

from __future__ import annotations

from pathlib import Path

LIBRARY = """\
dondoc: 1
regimes:
  nd-09-2019: {title: Nghị định số 09/2019/NĐ-CP, cut_off_day: 14}
calendars:
  viet-nam: {title: Lịch làm việc của cơ quan nhà nước}
escalations:
  don-doc:
    title: Đôn đốc
    ladder: [{after: 3 working days, to: head}, {after: 6 working days, to: superior}]
    closes: 6 working days
forms:
  ket-qua:
    title: Kết quả công tác thông tin đối ngoại
    fields:
      - {id: so-tin-bai, label: "Số tin, bài đã đăng, phát", type: integer, unit: "tin, bài", min: 0}
      - {id: so-buoi, label: Số buổi tuyên truyền, type: integer, min: 0}
      - {id: kinh-phi, label: Kinh phí, type: number, unit: triệu đồng, min: 0, required: false}
      - {id: ket-qua-noi-bat, label: Kết quả nổi bật}
"""

PROVINCES, COMMUNES = 34, 3_321
"""The units of the country since 1 July 2025; with the plan of each of them there are 3,355."""


def one_large_plan(folder: Path, *, tasks: int = 1_000, agencies: int = 100) -> None:
    """A plan of so many tasks, led by so many agencies in turn."""
    _write(folder / "thu-vien.yaml", LIBRARY)
    listed = ["dondoc: 1", "agencies:", _agency("ubnd-tinh", "Ủy ban nhân dân tỉnh", None)]
    listed += [_agency(f"so-{n}", f"Sở số {n}", "ubnd-tinh") for n in range(1, agencies)]
    _write(folder / "danh-ba.yaml", "\n".join(listed) + "\n")
    lines = [_head("ke-hoach-lon", "ubnd-tinh"), "tasks:"]
    for n in range(1, tasks + 1):
        lines += [
            f"  - id: nhiem-vu-{n}",
            f"    title: Nhiệm vụ thứ {n} về công tác thông tin đối ngoại",
            "    text: >-",
            "      Tổ chức tuyên truyền, phổ biến chủ trương của Đảng, chính sách, pháp luật của Nhà nước",
            "      về công tác thông tin đối ngoại đến cán bộ, công chức và nhân dân.",
            f"    lead: so-{n % (agencies - 1) + 1}",
            f"    coordinating: [so-{(n + 1) % (agencies - 1) + 1}, so-{(n + 2) % (agencies - 1) + 1}]",
            *([f"    after: nhiem-vu-{n - 1}"] if n % 10 > 1 else []),
            "    report:",
            "      every: quarter",
            "      due: {after_cut_off: 3 working days}",
            "      form: ket-qua",
        ]
    _write(folder / "ke-hoach-lon.yaml", "\n".join(lines) + "\n")


def same_for_taskjuggler(path: Path, *, tasks: int = 1_000, agencies: int = 100) -> None:
    """The tasks of `one_large_plan` in the language of TaskJuggler 3: as many tasks and resources, with the
    same titles, texts, owners and dependencies; of the reports it knows nothing.
    """
    head = 'project ke_hoach "Công tác thông tin đối ngoại năm 2027" 2027-01-01 +1y'
    lines = [head + ' { timezone "Asia/Ho_Chi_Minh" }', 'resource tinh "Ủy ban nhân dân tỉnh" {']
    lines += [
        f'  resource so_{n} "Sở số {n}" {{ email "vanthu@so-{n}.example" }}' for n in range(1, agencies)
    ]
    lines += ["}"]
    note = (
        "Tổ chức tuyên truyền, phổ biến chủ trương của Đảng, chính sách, pháp luật của Nhà nước"
        " về công tác thông tin đối ngoại đến cán bộ, công chức và nhân dân."
    )
    for n in range(1, tasks + 1):
        lead, *others = (f"so_{(n + k) % (agencies - 1) + 1}" for k in range(3))
        lines += [
            f'task nhiem_vu_{n} "Nhiệm vụ thứ {n} về công tác thông tin đối ngoại" {{',
            f'  note "{note}"',
            f"  responsible {lead}",
            "  effort 1d",
            f"  allocate {', '.join([lead, *others])}",
            *([f"  depends !nhiem_vu_{n - 1}"] if n % 10 > 1 else []),
            "}",
        ]
    _write(path, "\n".join([*lines, ""]))


def national_tree(folder: Path, *, provinces: int = PROVINCES, communes: int = COMMUNES) -> None:
    """A plan of the whole country's, one of every province and one of every commune, each in its file.

    So many agencies owe reports: the provinces to the country, the communes to their province, and an office
    in each commune to it.
    """
    _write(folder / "thu-vien.yaml", LIBRARY)
    _write(
        folder / "trung-uong.yaml",
        "dondoc: 1\nagencies:\n" + _agency("trung-uong", "Cơ quan trung ương", None) + "\n",
    )
    _write(
        folder / "ke-hoach" / "trung-uong.yaml",
        _plan("kh-trung-uong", "trung-uong", [f"tinh-{p}" for p in range(provinces)], None, "20/12"),
    )
    below: dict[int, list[int]] = {
        p: [c for c in range(communes) if c % provinces == p] for p in range(provinces)
    }
    for p, theirs in below.items():
        listed = ["dondoc: 1", "agencies:", _agency(f"tinh-{p}", f"Ủy ban nhân dân tỉnh {p}", "trung-uong")]
        for c in theirs:
            listed.append(_agency(f"xa-{c}", f"Ủy ban nhân dân xã {c}", f"tinh-{p}"))
            listed.append(_agency(f"phong-{c}", f"Phòng Văn hóa - Xã hội xã {c}", f"xa-{c}"))
        listed += [
            "groups:",
            f"  - {{id: cac-xa-{p}, name: Các xã của tỉnh {p}, members: [{_names(theirs)}]}}",
        ]
        _write(folder / "danh-ba" / f"tinh-{p}.yaml", "\n".join(listed) + "\n")
        plan = _plan(f"kh-tinh-{p}", f"tinh-{p}", [f"cac-xa-{p}"], "kh-trung-uong", "10/12")
        _write(folder / "ke-hoach" / f"tinh-{p}" / "tinh.yaml", plan)
        for c in theirs:
            plan = _plan(f"kh-xa-{c}", f"xa-{c}", [f"phong-{c}"], f"kh-tinh-{p}", "25/11")
            _write(folder / "ke-hoach" / f"tinh-{p}" / f"xa-{c}.yaml", plan)


def _plan(id_: str, issuer: str, leads: list[str], above: str | None, due: str) -> str:
    lines = [_head(id_, issuer)]
    if above is not None:
        lines += [f"  implements: [{{plan: {above}, task: bao-cao}}]"]
    lines += [
        "defaults:",
        f"  report: {{every: year, due: {{by: {due}}}, cut_off: {{by: 20/11}}, form: ket-qua}}",
        "tasks:",
        "  - id: bao-cao",
        "    title: Báo cáo kết quả công tác thông tin đối ngoại hằng năm",
        f"    lead: [{', '.join(leads)}]",
        "  - id: tuyen-truyen",
        "    title: Tuyên truyền, phổ biến chủ trương, chính sách",
        f"    lead: {leads[0]}",
        "    report: none",
    ]
    return "\n".join(lines) + "\n"


def _head(id_: str, issuer: str) -> str:
    return f"""\
dondoc: 1
plan:
  id: {id_}
  number: 01/KH-UBND
  title: Công tác thông tin đối ngoại năm 2027
  issuer: {issuer}
  issued_on: 4/1/2027
  period: {{from: 1/1/2027, to: 31/12/2027}}
  regime: nd-09-2019
  calendar: viet-nam
  escalation: don-doc"""


def _agency(id_: str, name: str, superior: str | None) -> str:
    above = f", superior: {superior}" if superior else ""
    return (
        f"  - {{id: {id_}, name: {name}{above}, mailbox: vanthu@{id_}.example, "
        f"head: {{title: Chủ tịch, mailbox: chutich@{id_}.example}}}}"
    )


def _names(communes: list[int]) -> str:
    return ", ".join(f"xa-{c}" for c in communes)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
