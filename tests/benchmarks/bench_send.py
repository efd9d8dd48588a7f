"""Mails sent in a second by dispatch, with all that it writes down, beside aiosmtplib alone."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import aiosmtplib
import pytest

from flows.ledger.outbox import MailStatus
from flows.shell.passes import Shell
from flows.shell.sending.connections import Connections
from flows.shell.versions import Versions
from notifiers.ports import Mail
from notifiers.smtp import SmtpMailer, SmtpSettings
from notifiers.tls import Tls
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.integration.required import not_here
from tests.ledgers import IDENTITY, Stopped, applied, contents, opened, rows

_MAILS = 600
_ROUNDS = 5
_CONNECTIONS = 2
_NOW = at("2024-11-15")


@pytest.fixture
def sink() -> Iterator[int]:
    """The port of Postfix's sink: a server that takes every mail and drops it."""
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    if not Path(program).exists():
        not_here("smtp-sink", "apt install postfix")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = ["setpriv", "--pdeathsig=TERM", "--", program, *as_nobody, f"127.0.0.1:{port}", "100"]
    server = subprocess.Popen(command)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.02)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def test_send(sink: int, tmp_path: Path) -> None:
    agencies = dict(AGENCIES) | {
        f"don-vi-{n}": Agency.model_validate(
            {"id": f"don-vi-{n}", "name": f"Đơn vị {n}", "superior": "huyen", "mailbox": f"dv-{n}@xa.example"}
        )
        for n in range(_MAILS)
    }
    plan = bundle(task(lead=[name for name in agencies if name.startswith("don-vi-")]), agencies=agencies)
    ours, raw = [], []
    for number in range(_ROUNDS):
        with opened(f"sqlite:///{tmp_path / f'{number}.db'}") as ledger:
            applied(ledger, plan, when=_NOW)
            shell = Shell(
                ledger=ledger,
                versions=Versions(ledger),
                clock=Stopped(_NOW),
                identity=IDENTITY,
                mailer=SmtpMailer(SmtpSettings(host="127.0.0.1", port=sink, tls=Tls.NONE)),
                connections=Connections(_CONNECTIONS),
            )
            with shell.start_pass("ke-hoach", "once") as one, shell.dispatch() as dispatch:
                mails = [_mail(row) for row in contents(ledger)]
                raw.append(_MAILS / asyncio.run(_by_the_library(sink, mails)))
                begun = time.perf_counter()
                assert dispatch.send(cycle_id=one.stored.id, task="bao-cao").sent == _MAILS
                ours.append(_MAILS / (time.perf_counter() - begun))
            assert {row["status"] for row in rows(ledger, "outbox", "status")} == {MailStatus.SENT}
    ratio = statistics.median(one / other for one, other in zip(ours, raw, strict=True))
    octets = sum(len(mail.raw) for mail in mails) // len(mails)
    print(
        f"\n{_MAILS} mails of {octets} octets over {_CONNECTIONS} connections, median of {_ROUNDS}: "
        f"dispatch {statistics.median(ours):.0f}/s, aiosmtplib alone {statistics.median(raw):.0f}/s, "
        f"ratio {ratio:.2f} (goal: 0.8)"
    )


def _mail(row: object) -> Mail:
    return Mail(
        message_id=row["message_id"],
        envelope_from=row["envelope_from"],
        envelope_to=tuple(row["envelope_to"]),
        raw=row["raw"],
    )


async def _by_the_library(port: int, mails: Sequence[Mail]) -> float:
    """Seconds for the same mails, each connection taking the next that is left."""
    left = list(reversed(mails))

    async def one_connection() -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="localhost")
        async with client:
            while left:
                mail = left.pop()
                await client.sendmail(mail.envelope_from, list(mail.envelope_to), mail.raw)

    begun = time.perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(_CONNECTIONS)))
    return time.perf_counter() - begun
