"""Answers from the wrong people, at the wrong time, to the wrong address, or to several requests at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.core.state import Status
from flows.ledger.inbox import Placing
from notifiers.address import return_path
from tests.bundles import bundle, task
from tests.integration.office import Office

FILLED_IN = "Số tin, bài: 45\nKinh phí: 10\nKết quả nổi bật: tốt\n"


@pytest.fixture
def texts(tmp_path: Path) -> Iterator[Office]:
    """Two agencies that owe a text."""
    with Office(f"sqlite:///{tmp_path / 'ledger.db'}", bundle(task(lead=["xa-1", "xa-2"]))) as office:
        yield office


@pytest.fixture
def forms(tmp_path: Path) -> Iterator[Office]:
    """Two agencies that fill in a form."""
    plan = bundle(task(lead=["xa-1", "xa-2"], report={"form": "bieu-mau"}))
    with Office(f"sqlite:///{tmp_path / 'ledger.db'}", plan) as office:
        yield office


def test_a_superior_who_was_told_of_a_delay_does_not_report_for_the_agency(texts: Office) -> None:
    texts.turn("2024-12-06")
    assert ("escalation", "huyen@huyen.example") in texts.written()
    written = len(texts.written())

    kept = texts.receive("Đã chỉ đạo xã báo cáo ngay.", texts.reply_to(), sender="huyen@huyen.example")

    assert kept.placing is Placing.UNPLACED
    assert "somebody above" in kept.reason
    assert texts.request().accepted is None
    assert texts.request().facts.status is Status.OVERDUE
    assert len(texts.written()) == written


def test_the_agency_may_answer_the_escalation_that_it_had_a_copy_of(texts: Office) -> None:
    texts.turn("2024-12-06")

    kept = texts.receive("Xã báo cáo: đã tổ chức 3 buổi.", texts.reply_to())

    assert kept.placing is Placing.PLACED
    assert texts.request().facts.status is Status.REPORTED_LATE


def test_a_superior_who_fills_the_form_in_reports_for_the_agency(forms: Office) -> None:
    forms.turn("2024-12-06")

    kept = forms.receive(FILLED_IN, forms.reply_to(), sender="huyen@huyen.example")

    assert kept.placing is Placing.PLACED
    assert forms.request().accepted == {"so-tin": 45, "kinh-phi": 10, "ket-qua": "tốt"}


def test_a_responder_that_writes_to_where_bounces_come_reports_nothing(texts: Office) -> None:
    token = texts.identity.token(texts.request().id)
    bounces = return_path(texts.identity.mailbox, token, texts.identity.secret)

    kept = texts.receive("Cảm ơn, chúng tôi đã nhận được thư.", bounces)

    assert kept.placing is Placing.UNPLACED
    assert texts.request().accepted is None


def test_a_mail_without_a_sender_in_its_envelope_reports_nothing(texts: Office) -> None:
    kept = texts.receive("Cảm ơn, chúng tôi đã nhận được thư.", texts.reply_to(), envelope_from="")

    assert kept.placing is Placing.UNPLACED
    assert texts.request().accepted is None


def test_one_mail_to_the_addresses_of_two_agencies_answers_for_neither(forms: Office) -> None:
    kept = forms.receive(FILLED_IN, forms.reply_to(agency="xa-2"), forms.reply_to(agency="xa-1"))

    assert kept.placing is Placing.UNPLACED
    assert {one.facts.status for one in forms.requests().values()} == {Status.OPEN}
    assert not [to for kind, to in forms.written() if kind == "accepted"]


def test_of_a_mail_to_two_signed_addresses_each_copy_answers_its_own(forms: Office) -> None:
    both = f"{forms.reply_to(agency='xa-1')}, {forms.reply_to(agency='xa-2')}"

    forms.receive(
        FILLED_IN, forms.reply_to(agency="xa-2"), sender="xa-2@xa.example", headers=f"Cc: {both}\r\n"
    )

    assert forms.request(agency="xa-2").facts.status is Status.REPORTED
    assert forms.request(agency="xa-1").facts.status is Status.OPEN


@pytest.mark.parametrize(
    "change", [str.upper, lambda one: one.replace("-", "-a", 1)[:-1], lambda one: one[1:]]
)
def test_only_the_case_of_a_signed_address_may_change(texts: Office, change: object) -> None:
    address = texts.reply_to()
    changed = change(address)  # type: ignore[operator]

    kept = texts.receive("báo cáo", changed)

    same = changed.casefold() == address
    assert kept.placing is (Placing.PLACED if same else Placing.UNPLACED)
    assert (texts.request().accepted is not None) is same


def test_what_comes_after_the_end_is_put_before_a_person_as_its_answer_promises(texts: Office) -> None:
    texts.turn("2025-01-15")
    assert texts.look().ended

    kept = texts.receive("báo cáo muộn", texts.reply_to())

    assert kept.placing is Placing.UNPLACED
    assert texts.request().facts.status is Status.MISSING
    assert texts.written()[-1] == ("closed", "xa-1@xa.example")


def test_two_machines_that_answer_each_other_come_to_an_end(forms: Office) -> None:
    written = len(forms.written())

    for turn in range(30):
        forms.receive(f"Máy trả lời máy, lần {turn}", forms.reply_to())

    assert len(forms.written()) - written == 6


def test_the_same_octets_delivered_twice_are_one_answer(forms: Office) -> None:
    forms.receive(FILLED_IN, forms.reply_to())
    forms.receive(FILLED_IN, forms.reply_to())

    assert [kind for kind, _ in forms.written()].count("accepted") == 1


@pytest.mark.parametrize("said", ["Đã nhận được văn bản, cảm ơn.", "Vâng, xã sẽ báo cáo."])
def test_who_only_acknowledges_a_request_has_not_reported(texts: Office, said: str) -> None:
    written = len(texts.written())

    texts.receive(said, texts.reply_to())

    assert texts.request().facts.status is Status.OPEN
    assert len(texts.written()) == written


def test_thanks_for_a_confirmation_do_not_replace_the_report(texts: Office) -> None:
    texts.receive("Đã tổ chức 3 buổi.", texts.reply_to())
    texts.receive("Cảm ơn anh chị!", texts.reply_to())

    assert texts.request().accepted == {"text": "Đã tổ chức 3 buổi."}
    assert [kind for kind, _ in texts.written()].count("accepted") == 1


def test_a_courteous_line_with_a_file_is_a_report(texts: Office) -> None:
    texts.receive(
        "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nXin gửi báo cáo.\r\n--x\r\n"
        'Content-Type: application/pdf; name="bao-cao.pdf"\r\n\r\n%PDF\r\n--x--\r\n',
        texts.reply_to(),
        headers="Content-Type: multipart/mixed; boundary=x\r\nX-Rest: ",
    )

    assert texts.request().facts.status is Status.REPORTED
