"""Rules of the house that no other tool holds: what the lock may say, and which doors stay shut."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SOURCES = [
    path
    for folder in ("flows", "notifiers", "schemas", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def _locked() -> dict[str, Requirement]:
    """Give the lock's requirements by name, without those for other systems."""
    # a requirement and its hashes are one logical line
    lines = LOCK.replace("\\\n", " ").splitlines()
    found = [Requirement(line.split(" --hash")[0]) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(item.name): item for item in found if not item.marker or item.marker.evaluate()}


def _imported(source: str) -> set[str]:
    """Give the top-level names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_the_lock_names_no_host_and_no_path() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^-|(?<!\S)/|@ ", LOCK, re.MULTILINE)


def test_every_locked_package_is_pinned_and_has_hashes() -> None:
    lines = LOCK.replace("\\\n", " ").splitlines()
    loose = [
        line.split()[0] for line in lines if not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ]
    assert loose == []


def test_the_lock_gives_every_dependency_in_a_version_that_the_project_accepts() -> None:
    wanted = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
    wanted += [Requirement(text) for text in PROJECT["dependency-groups"]["dev"]]
    locked = _locked()
    refused = [
        str(item)
        for item in wanted
        if (name := canonicalize_name(item.name)) not in locked
        or not item.specifier.contains(str(locked[name].specifier).removeprefix("=="), prereleases=True)
    ]
    assert refused == []


def test_tests_run_on_the_locked_versions() -> None:
    different = {
        name: version(name) for name, item in _locked().items() if not item.specifier.contains(version(name))
    }
    assert different == {}


def test_nobody_imports_smtplib() -> None:
    assert len(SOURCES) > 20
    assert [path for path in SOURCES if "smtplib" in _imported(path.read_text())] == []


@pytest.mark.parametrize(
    "source",
    ["import smtplib", "import smtplib as s", "from smtplib import SMTP", "def f():\n    import smtplib"],
)
def test_an_import_of_smtplib_would_be_seen(source: str) -> None:
    assert "smtplib" in _imported(source)


def test_no_source_file_outgrows_its_room() -> None:
    assert {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if "tests" not in path.relative_to(ROOT).parts and (lines := len(path.read_text().splitlines())) > 400
    } == {}


def test_the_settings_are_read_at_one_door() -> None:
    doors = ("flows/settings.py", "flows/mail_settings.py")
    read = re.compile(r"""environ(?:\.get\(|\[|\.pop\(|\.setdefault\()\s*f?["']DONDOC_""")
    assert [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] != "tests"
        and str(path.relative_to(ROOT)) not in doors
        and read.search(path.read_text())
    ] == []


def test_the_migrations_of_the_ledger_are_one_chain_in_the_order_of_their_numbers() -> None:
    numbers: list[str] = []
    for path in sorted((ROOT / "flows" / "ledger" / "migrations" / "versions").glob("*.py")):
        told = dict(re.findall(r'^(revision|down_revision) = "?(\w+)"?$', path.read_text(), re.MULTILINE))
        assert path.name.startswith(f"{told['revision']}_"), path.name
        assert told["down_revision"] == (numbers[-1] if numbers else "None"), path.name
        numbers.append(told["revision"])
    assert numbers
