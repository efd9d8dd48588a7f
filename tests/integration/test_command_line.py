"""The `dondoc` command as an operator meets it: one clear line for what can be mended, and quick answers."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from notifiers.wording import printable
from tests.integration.staging import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAIN = "from flows.cli import main; main()"
_PLAN = "cau-ngang-99-2024"


def _dondoc(
    home: Path, *arguments: str, code: str = _MAIN, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a home of its own, with nothing set but what is given."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DONDOC_", "PREFECT_"))}
    defaults = {"DONDOC_HOME": str(home), "DONDOC_LANG": "en", "DONDOC_LISTEN_PORT": "0", "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=ours | defaults | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _assert_one_line(done: subprocess.CompletedProcess[str], *words: str, status: int = 1) -> None:
    assert done.returncode == status, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("dondoc: ")
    assert [word for word in words if word not in done.stderr] == []


@pytest.fixture
def taken_port() -> Iterator[str]:
    """Give a port that somebody else listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"DONDOC_DATABASE_URL": "postgresql+psycopg://dondoc:open-sesame@127.0.0.1:1/ledger"},
            ["127.0.0.1:1/ledger", "refused"],
        ),
        ({"DONDOC_DATABASE_URL": "somewhere"}, ["not understood", "postgresql+psycopg://"]),
        ({"DONDOC_DATABASE_URL": "sqlite:////dev/null/ledger.db"}, ["/dev/null/ledger.db"]),
        ({"DONDOC_SMTP_PORT": "mail"}, ["DONDOC_SMTP_PORT", '"mail"', "65535"]),
        ({"DONDOC_SMTP_TLS": "ssl"}, ["DONDOC_SMTP_TLS", "starttls"]),
        ({"DONDOC_LANG": "fr"}, ["DONDOC_LANG", "vi, en"]),
        ({"DONDOC_MAILBOX": "van thu"}, ["DONDOC_MAILBOX", "not a mail address"]),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    settings: dict[str, str], words: list[str], tmp_path: Path
) -> None:
    done = _dondoc(tmp_path, "status", **settings)
    _assert_one_line(done, *words)
    assert "open-sesame" not in done.stderr


@pytest.mark.parametrize("written", [None, "", "tomorrow", "2024-11-25T08:00:00"])
def test_a_clock_file_without_an_instant_is_told_before_anything_starts(
    written: str | None, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    if written is not None:
        clock.write_text(written)
    done = _dondoc(tmp_path / "home", "serve", DONDOC_CLOCK_FILE=str(clock))
    _assert_one_line(done, str(clock), "2024-11-25T08:00:00+07:00")
    assert not (tmp_path / "home" / "prefect").exists()


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("")
    _assert_one_line(_dondoc(home, "serve"), str(home), "DONDOC_HOME")


def test_a_mail_port_in_use_is_told(tmp_path: Path, taken_port: str) -> None:
    done = _dondoc(tmp_path, "serve", DONDOC_LISTEN_PORT=taken_port)
    _assert_one_line(done, f"127.0.0.1:{taken_port}", "in use", "DONDOC_LISTEN_PORT")


def test_a_ui_port_in_use_is_told(tmp_path: Path, taken_port: str) -> None:
    done = _dondoc(tmp_path, "serve", DONDOC_UI_PORT=taken_port)
    _assert_one_line(done, f"port {taken_port}", "in use", "DONDOC_UI_PORT")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/api", "prefect.example"])
def test_a_prefect_server_of_ones_own_that_does_not_answer_is_told(url: str, tmp_path: Path) -> None:
    _assert_one_line(_dondoc(tmp_path, "serve", PREFECT_API_URL=url), url, "does not answer")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["simulate", "no-such-plan"], _PLAN),
        (["simulate", _PLAN, "--silent", "nobody"], "ubnd-xa-my-hoa"),
        (["simulate"], "plan is missing; see: dondoc simulate --help"),
        (["chek"], "there is no command “chek”"),
        (["check", "--format", "xml"], "github"),
    ],
)
def test_a_command_used_wrongly_ends_with_2_and_says_what_there_is(
    arguments: list[str], word: str, tmp_path: Path
) -> None:
    done = _dondoc(tmp_path, *arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_plan_is_left_out_with_its_findings_and_the_others_are_applied(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    shutil.copytree(ROOT / "plan_specs", specs)
    broken = specs / "plans" / f"{_PLAN}.yaml"
    text = broken.read_text(encoding="utf-8")
    broken.write_text(text.replace("\n  issuer:", "\n  isuer:", 1), encoding="utf-8")
    done = _dondoc(tmp_path / "home", "apply", str(specs))
    assert done.returncode == 1
    assert 'unknown key "isuer"' in done.stderr
    assert f"{broken}:" in done.stderr
    assert "(dak-lak-143-2024): a new plan" in done.stdout
    assert _PLAN not in done.stdout
    again = _dondoc(tmp_path / "home", "apply", str(specs))
    assert "dak-lak-143-2024" not in again.stdout
    assert "Nothing to change" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "shut"),
    [
        (["check", "plan_specs"], {"prefect", "sqlalchemy"}),
        (["simulate", _PLAN], {"prefect", "sqlalchemy"}),
        (["plan"], {"prefect"}),
        (["status", "--json"], {"prefect"}),
        (["inbox"], {"prefect"}),
    ],
)
def test_quick_commands_leave_heavy_libraries_alone(
    arguments: list[str], shut: set[str], tmp_path: Path
) -> None:
    looking = "import atexit, sys\natexit.register(lambda: sys.stderr.write(' '.join(sys.modules)))\n"
    done = _dondoc(tmp_path, *arguments, code=looking + _MAIN)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.split())
    assert "flows.cli.commands" in loaded
    assert loaded & shut == set()


def test_tables_stay_within_the_terminal(tmp_path: Path) -> None:
    applied = _dondoc(tmp_path, "apply")
    assert applied.returncode == 0, applied.stderr
    for width, language in (("80", "vi"), ("80", "en"), ("130", "vi")):
        for arguments in (["status"], ["simulate", _PLAN, "--silent", "all"]):
            done = _dondoc(tmp_path, *arguments, COLUMNS=width, DONDOC_LANG=language)
            assert done.returncode == 0, done.stderr
            lines = done.stdout.splitlines()
            assert len(lines) > 30
            assert max(map(len, lines)) <= int(width)


def test_what_a_mail_brings_does_not_steer_the_terminal() -> None:
    told = printable("Sở Tài chính\x1b[2J\x1b]0;x\x07\u202e\r\n\tđã báo cáo")
    assert told == "Sở Tài chính[2J]0;x\n\tđã báo cáo"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_command_has_help(language: str, tmp_path: Path) -> None:
    every = (
        "from flows.cli.commands import app\n"
        "from typer.testing import CliRunner\n"
        "for name in 'check plan apply serve status simulate demo inbox explain'.split():\n"
        "    print('=====', name, CliRunner().invoke(app, [name, '--help']).output)\n"
    )
    done = _dondoc(tmp_path, code=every, DONDOC_LANG=language)
    pages = done.stdout.split("===== ")[1:]
    assert len(pages) == 9, done.stderr
    for page in pages:
        assert len(page.splitlines()) > 4
        assert max(map(len, page.splitlines())) <= 80
