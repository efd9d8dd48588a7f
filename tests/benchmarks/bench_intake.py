"""How fast mail is taken in: stored, parsed, correlated, validated, answered and committed, beside the
standard library's parser alone, on the same mails in the same run.

    python -m tests.benchmarks.bench_intake [--mails 800] [--rounds 5] [--readers N] [--database URL]

A mail is a whole answer as clients send it: text and HTML with our request quoted below in both, a fifth with
a file. They come over sixteen lines at once, as mail servers deliver a heap; each is committed before it
would be acknowledged, as these are promised.
Taken in twice: by this process alone, and with processes that read mails beside, as many as `dondoc serve`
would have here unless `--readers` says so; the time that these take to start counts. The library's parser is
alone in one process each time.

`--database` names an empty PostgreSQL database; without it a SQLite ledger is made in a folder of its own.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from html import escape
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine

from flows.ledger.database import open_ledger
from flows.settings import read_settings
from flows.shell.incoming.intake import Intake
from flows.shell.incoming.readers import Readers
from flows.shell.passes import Shell
from flows.shell.versions import Versions
from notifiers.memory import MemoryMailer
from notifiers.ports import RawMail
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.ledgers import IDENTITY, Stopped, applied, contents, rows

LINES = 16
OPENED = at("2024-11-15")
ANSWERED = at("2024-11-18 10:00")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=800)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--readers", type=int, default=read_settings().readers)
    options.add_argument("--database", default=None)
    asked = options.parse_args()
    counts = sorted({0, asked.readers})
    ratios: dict[int, list[float]] = {count: [] for count in counts}
    with TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{Path(folder) / 'ledger.db'}"
        mails = prepare(url, asked.mails)
        size = sum(len(mail.raw) for mail in mails) / len(mails) / 1024
        print(f"{len(mails)} answers of {size:.0f} KiB, {url.partition(':')[0]}")
        for number in range(1, asked.rounds + 1):
            alone = timed(partial(parse_alone, mails))
            told = [f"parsed by the library alone {len(mails) / alone:.0f}/s"]
            for count in counts:
                if asked.database:
                    mails = prepare(url, asked.mails)
                    taken = timed_intake(url, mails, count)
                else:
                    copy = Path(folder) / f"round-{number}-{count}.db"
                    shutil.copy(Path(folder) / "ledger.db", copy)
                    taken = timed_intake(f"sqlite:///{copy}", mails, count)
                ratios[count].append(alone / taken)
                told.append(f"taken in {processes(count)} {len(mails) / taken:.0f}/s ({alone / taken:.2f})")
            print(f"round {number}: {', '.join(told)}", flush=True)
    for count, found in ratios.items():
        print(f"median ratio {processes(count)} {statistics.median(found):.2f} (goal 0.50)")


def processes(count: int) -> str:
    """How many processes took part, in words."""
    return f"with {count} to read beside" if count else "in one process"


def prepare(url: str, count: int) -> Sequence[RawMail]:
    """A ledger with so many open requests, and the answer to each."""
    agencies = AGENCIES | {
        f"don-vi-{n}": Agency.model_validate(
            {"id": f"don-vi-{n}", "name": f"Đơn vị {n}", "superior": "huyen", "mailbox": f"vt@dv{n}.example"}
        )
        for n in range(count)
    }
    plan = bundle(
        task(lead=[f"don-vi-{n}" for n in range(count)], report={"form": "bieu-mau"}), agencies=agencies
    )
    with closing(open_ledger(url)) as ledger:
        if ledger.engine.name == "postgresql":
            empty(url)
    with closing(open_ledger(url)) as ledger:
        applied(ledger, plan, when=OPENED)
        clock = Stopped(OPENED)
        shell = Shell(
            ledger=ledger,
            versions=Versions(ledger),
            clock=clock,
            identity=IDENTITY,
            mailer=MemoryMailer(),
        )
        with shell.start_pass("ke-hoach", "once") as one:
            for changed in one.changed_tasks():
                one.act(changed)
            one.finish()
        requests = {row["request_id"]: row["raw"] for row in contents(ledger, kind="request")}
    random = Random(4)
    return [
        answer(message_from_bytes(raw, policy=policy.default), n, random)
        for n, raw in enumerate(requests.values())
    ]


def answer(request: EmailMessage, n: int, random: Random) -> RawMail:
    """A whole answer as a client writes it: text and HTML, the request quoted in both, some with a file."""
    sender, to = str(request["To"].addresses[0].addr_spec), str(request["Reply-To"])
    plain, html = (str(request.get_body((form,)).get_content()) for form in ("plain", "html"))
    own = (
        f"Kính gửi Ủy ban,\n\nĐơn vị {n} xin báo cáo như sau:\n\n1. Số tin, bài: {random.randrange(1, 90)}\n"
        f"2. Kinh phí: {random.randrange(1, 9000)},5\n3. Kết quả nổi bật: Đã mở chuyên mục, tổ chức "
        f"{random.randrange(2, 9)} buổi tuyên truyền tại các ấp, cán bộ và nhân dân tham gia đông đủ.\n\n"
        "Trân trọng,\nNguyễn Văn A\nPhó Chủ tịch\n"
    )
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"Văn thư <{sender}>", to, f"Re: {request['Subject']}"
    mail["Date"] = "Mon, 18 Nov 2024 09:30:00 +0700"
    mail["Message-ID"] = f"<{n}.{random.randrange(10**9)}@{sender.partition('@')[2]}>"
    mail["In-Reply-To"] = mail["References"] = str(request["Message-ID"])
    mail["X-Mailer"] = "Zimbra 8.8.15"
    for hop in range(4):
        mail["Received"] = (
            f"from mx{hop}.example (mx{hop}.example [192.0.2.{hop}]) by mail.example; Mon, 18 Nov 2024"
        )
    quoted = "\n".join(f"> {line}" for line in plain.split("\n"))
    mail.set_content(f"{own}\nVào 15/11/2024 08:00, Đôn đốc báo cáo đã viết:\n{quoted}\n")
    mail.add_alternative(
        f"<html><body><div>{escape(own).replace(chr(10), '<br>')}</div>"
        f'<div class="gmail_quote"><blockquote>{html}</blockquote></div></body></html>',
        subtype="html",
    )
    if n % 5 == 0:
        mail.add_attachment(
            random.randbytes(40_000), maintype="application", subtype="pdf", filename="Báo cáo.pdf"
        )
    return RawMail(envelope_from=sender, envelope_to=(to,), raw=mail.as_bytes())


def parse_alone(mails: Sequence[RawMail]) -> None:
    """What the standard library takes to read the same mails: every part walked and decoded."""
    for mail in mails:
        for part in message_from_bytes(mail.raw, policy=policy.default).walk():
            if not part.is_multipart():
                part.get_payload(decode=True)


def timed_intake(url: str, mails: Sequence[RawMail], count: int) -> float:
    """How long it takes to take all in, on a ledger as it was before any answer came."""
    with closing(open_ledger(url)) as ledger, closing(Readers(count)) as readers:
        versions, clock = Versions(ledger), Stopped(ANSWERED)
        intake = Intake(ledger=ledger, versions=versions, clock=clock, identity=IDENTITY, readers=readers)
        taken = timed(partial(take_in, intake, mails))
        accepted = len(rows(ledger, "reply", "id", verdict="accepted"))
        confirmed = len(rows(ledger, "outbox", "id", kind="accepted"))
    if (accepted, confirmed) != (len(mails), len(mails)):
        raise SystemExit(f"only {accepted} of {len(mails)} answers were accepted, and {confirmed} confirmed")
    return taken


def take_in(intake: Intake, mails: Sequence[RawMail]) -> None:
    """Keep each, as the listener does, then deal with all."""
    with ThreadPoolExecutor(LINES) as lines:
        for _ in lines.map(intake.keep, mails):
            pass
    while intake.take_in():
        pass


def empty(url: str) -> None:
    """Forget what the round before left in a PostgreSQL database."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()


def timed(work: Callable[[], None]) -> float:
    """Seconds on the wall."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
