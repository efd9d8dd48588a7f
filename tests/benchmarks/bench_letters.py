"""Letters written in a second by the pass that asks for the reports of a large plan: text, HTML, the form as
a workbook and the due date for the calendar, all committed.
"""

from __future__ import annotations

import time
from email import message_from_bytes, policy
from pathlib import Path

from flows.shell.passes import Shell
from flows.shell.versions import Versions
from notifiers.memory import MemoryMailer
from schemas.model import Agency, Form
from tests.bundles import AGENCIES, at, bundle, task
from tests.ledgers import IDENTITY, Stopped, applied, contents, opened

_AGENCIES = 2_000
_NOW = at("2024-11-15")
_FORM = Form.model_validate(
    {
        "title": "Kết quả",
        "fields": [
            {"id": "so-buoi", "label": "Số buổi tuyên truyền", "type": "integer", "unit": "buổi", "min": 0},
            {"id": "ket-qua", "label": "Kết quả nổi bật"},
        ],
    }
)


def test_letters(tmp_path: Path) -> None:
    agencies = dict(AGENCIES) | {
        f"don-vi-{n}": Agency.model_validate(
            {"id": f"don-vi-{n}", "name": f"Đơn vị {n}", "superior": "huyen", "mailbox": f"dv-{n}@xa.example"}
        )
        for n in range(_AGENCIES)
    }
    asked = task(lead=[name for name in agencies if name.startswith("don-vi-")], report={"form": "ket-qua"})
    plan = bundle(asked, agencies=agencies, forms={"ket-qua": _FORM})
    with opened(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
        applied(ledger, plan, when=_NOW)
        shell = Shell(
            ledger=ledger,
            versions=Versions(ledger),
            clock=Stopped(_NOW),
            identity=IDENTITY,
            mailer=MemoryMailer(),
        )
        wall, cpu = time.perf_counter(), time.process_time()
        with shell.start_pass("ke-hoach", "once"):
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        written = [row["raw"] for row in contents(ledger)]
    assert len(written) == _AGENCIES
    names = [part.get_filename() for part in message_from_bytes(written[0], policy=policy.default).walk()]
    assert {str(name).rpartition(".")[2] for name in names if name} == {"xlsx", "ics"}
    octets = sum(map(len, written)) // len(written)
    print(
        f"\n{_AGENCIES} letters of {octets} octets, with a workbook and a calendar entry each, in one pass: "
        f"{wall:.1f} s, {cpu:.1f} s of them CPU; {_AGENCIES / wall:.0f}/s"
    )
