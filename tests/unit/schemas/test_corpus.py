"""The corpora of specs: right ones are sound, wrong ones give exactly what they say they must."""

from __future__ import annotations

import re

import pytest

from schemas.check import check_contents
from schemas.codes import Code
from schemas.model import Language
from tests.unit.schemas.corpus import expected, right, wrong

WRONG = wrong()
NOT_WRITABLE_AS_TEXT = {Code.NOT_UTF8, Code.NOT_READ}


def test_right_specs_give_no_finding_and_are_all_in_the_catalogue() -> None:
    result = check_contents(right())

    assert [finding.render() for finding in result.findings] == []
    assert set(result.catalogue.plans) == {"cap-tren", "cap-duoi"}
    assert {"tat-ca", "cac-xa"} == set(result.catalogue.groups)
    for plan in result.catalogue.plans:
        assert result.catalogue.bundle(plan).regime.cut_off_day == 14


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_spec_gives_exactly_the_findings_it_is_marked_with(name: str) -> None:
    result = check_contents({**right(), name: WRONG[name]})

    assert sorted((finding.code.value, finding.line) for finding in result.findings) == expected(WRONG[name])


@pytest.mark.parametrize("name", WRONG)
def test_a_finding_points_into_its_line_and_speaks_both_languages(name: str) -> None:
    for finding in check_contents({**right(), name: WRONG[name]}).findings:
        assert 1 <= finding.column <= len(finding.place.text) + 1
        for language in Language:
            told = finding.render(language)
            assert finding.code.value in told
            assert not re.search(r"\{[a-z_]+\}", finding.message_in(language) + finding.help_in(language))


def test_every_code_has_a_wrong_spec() -> None:
    marked = {code for content in WRONG.values() for code, _ in expected(content)}

    assert {code.value for code in Code if code not in NOT_WRITABLE_AS_TEXT} == marked


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_spec_is_left_out_and_hides_nothing_sound(name: str) -> None:
    result = check_contents({**right(), name: WRONG[name]})
    left_out = {str(finding.args["name"]) for finding in result.findings if finding.code is Code.LEFT_OUT}

    sound = {"cap-tren", "cap-duoi"} - left_out
    warned_only = result.errors == 0
    if name.endswith(("version.yaml", "form-twice.yaml")) or not warned_only:
        assert "sai" not in result.catalogue.plans
    assert sound <= set(result.catalogue.plans)
    for plan in result.catalogue.plans:
        result.catalogue.bundle(plan)
