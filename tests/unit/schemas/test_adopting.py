"""Shared defaults: what plans have in common is written once, in a library."""

from __future__ import annotations

from schemas.adopting import merged_defaults
from schemas.check import check_contents
from schemas.codes import Code
from schemas.model import Frequency, PlanDefaults, SharedDefaults
from tests.unit.schemas.corpus import right

SHARED = SharedDefaults.model_validate(
    {
        "coordinating": "phong-vhtt",
        "report": {"every": "quarter", "form": "chi-so", "via": "phong-vhtt", "assumed": {"via": "Thông lệ"}},
    }
)


def merged(own: dict[str, object]) -> PlanDefaults:
    return merged_defaults(SHARED, PlanDefaults.model_validate({"use": "x", **own}))


def test_a_plan_that_says_nothing_else_has_what_the_library_says() -> None:
    found = merged({})
    assert found.report == SHARED.report
    assert found.coordinating == ["phong-vhtt"]


def test_what_the_plan_says_goes_before_key_by_key() -> None:
    found = merged(
        {"coordinating": "so", "report": {"every": "year", "form": None, "assumed": {"every": "Suy ra"}}}
    )
    assert found.report is not None
    assert (found.report.every, found.report.form, found.report.via) == (Frequency.YEAR, None, "phong-vhtt")
    assert found.report.assumed == {"via": "Thông lệ", "every": "Suy ra"}
    assert found.coordinating == ["so"]


def test_a_bundle_holds_what_was_adopted() -> None:
    bundle = check_contents(right()).catalogue.bundle("cap-duoi")
    task = next(one for one in bundle.spec.tasks if one.id == "cac-xa-bao-cao")
    report = bundle.report(task)
    assert report is not None
    assert (report.every, report.via) == (Frequency.YEAR, "phong-vhtt")


def test_a_mistake_in_shared_defaults_leaves_out_the_plans_that_use_them() -> None:
    files = right()
    text = files["right/thu-vien.yaml"].decode().replace("report: {every: quarter", "report: {evry: quarter")
    result = check_contents({**files, "right/thu-vien.yaml": text.encode()})

    assert [finding.code for finding in result.findings] == [Code.LEFT_OUT, Code.UNKNOWN_KEY]
    assert list(result.catalogue.plans) == ["cap-tren"]
