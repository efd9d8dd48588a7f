"""A mail that goes to somebody else is the same mail, with a sentence above it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest

from notifiers.compose import Sender, compose
from notifiers.errors import UnusableAddress
from notifiers.forwarding import Forward, forwarded
from notifiers.notice import Notice, compose_notice
from notifiers.ports import Enclosure, Letter, Party
from notifiers.replies import ReplyKind, understand
from schemas.model import Language
from tests.unit.notifiers.letters import letter

SENDER = Sender(name="Đôn đốc", mailbox="baocao@dondoc.example", return_path="baocao+b-1@dondoc.example")
FORWARD = Forward(
    to=Party(name="UBND xã Mỹ Hòa", mailbox="phochutich@xa.example", attention="Phó Chủ tịch"),
    language=Language.VI,
    addresses=("canbo@xa.example",),
    agency="UBND xã Mỹ Hòa",
    message_id="<dd.2@dondoc.example>",
    sent_at=datetime(2024, 11, 18, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
)


def sent_on(mail: Letter, forward: Forward = FORWARD) -> EmailMessage:
    onward = forwarded(compose(mail, SENDER).raw, forward, envelope_from=SENDER.return_path)
    found = message_from_bytes(onward.raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def content(mail: EmailMessage, subtype: str) -> str:
    body = mail.get_body((subtype,))
    assert body is not None
    return str(body.get_content())


def test_files_come_along_octet_for_octet_under_their_names() -> None:
    files = (
        Enclosure(
            name="Biểu mẫu r1.xlsx", content_type="application/vnd.ms-excel", content=b"PK\x00\xff\r\n"
        ),
        Enclosure(name="Hạn.ics", content_type="text/calendar; charset=utf-8", content="Hạn\r\n".encode()),
    )
    found = list(sent_on(letter(enclosures=files)).iter_attachments())
    assert [one.get_filename() for one in found] == [one.name for one in files]
    assert [one.get_payload(decode=True) for one in found] == [one.content for one in files]
    assert found[1].get_content_charset() == "utf-8"


def test_it_refers_to_the_mail_that_did_not_arrive_and_all_before_it() -> None:
    before = tuple(f"<m{n}@dondoc.example>" for n in range(30))
    mail = sent_on(letter(thread=before))
    named = str(mail["References"]).split()
    assert named[0] == before[0]
    assert named[-1] == str(mail["In-Reply-To"]) == letter().message_id
    assert len(named) == 20


def test_what_stands_in_an_address_of_the_directory_is_text_and_no_markup() -> None:
    page = content(sent_on(letter(), replace(FORWARD, agency="<b>UBND</b>")), "html")
    assert "&lt;b&gt;UBND&lt;/b&gt;" in page
    assert page.count("<body") == page.count("</html>") == 1


def test_copies_go_along_only_when_nobody_has_had_theirs() -> None:
    copied = letter(cc=(Party(name="UBND huyện", mailbox="huyen@huyen.example"),))
    raw = compose(copied, SENDER).raw
    again = forwarded(raw, replace(FORWARD, copies=True), envelope_from=SENDER.return_path)
    alone = forwarded(raw, FORWARD, envelope_from=SENDER.return_path)
    assert again.envelope_to == ("phochutich@xa.example", "huyen@huyen.example")
    assert alone.envelope_to == ("phochutich@xa.example",)


def test_a_classified_letter_says_no_more_than_before() -> None:
    mail = letter(classified=True)
    above, _, below = content(sent_on(mail), "plain").partition("Nội dung thư như sau.")
    assert mail.task_title not in above + below
    assert mail.plan_title not in above + below


def test_it_is_told_whether_the_address_is_dead_or_its_reader_away() -> None:
    away = replace(FORWARD, away=True, person="Lê Thị B", back_on=date(2024, 12, 2), named=True)
    assert "không đến được" in content(sent_on(letter()), "plain")
    told = " ".join(content(sent_on(letter(), away), "plain").split())
    assert "đồng chí Lê Thị B" in told
    assert "đến ngày 02/12/2024 mới trở lại" in told
    assert "đề nghị liên hệ địa chỉ của đồng chí" in told
    english = replace(away, language=Language.EN)
    assert "is away until 2 December 2024" in " ".join(content(sent_on(letter(), english), "plain").split())


REFUSED = {
    "plan": "Kế hoạch số 99/KH-UBND",
    "task": "Tuyên truyền",
    "agency": "UBND xã Mỹ Hòa",
    "to": "canbo@xa.example",
    "answer": "550 no such user",
}


def test_a_notice_without_a_page_goes_on_as_text() -> None:
    notice = Notice(
        kind="digest",
        language=Language.VI,
        to=Party(name="UBND huyện", mailbox="huyen@huyen.example"),
        said={"items": [], "troubled": [REFUSED], "strays": [], "unreached": [], "today": date(2024, 11, 18)},
        sent_at=FORWARD.sent_at,
        message_id="<dd.1@dondoc.example>",
    )
    onward = forwarded(compose_notice(notice, SENDER).raw, FORWARD, envelope_from=SENDER.mailbox)
    mail = message_from_bytes(onward.raw, policy=policy.default)
    assert mail.get_content_type() == "text/plain"
    assert "máy chủ trả lời: 550 no such user" in mail.get_content()


def test_it_is_known_as_one_of_ours_when_it_comes_back() -> None:
    raw = forwarded(compose(letter(), SENDER).raw, FORWARD, envelope_from=SENDER.return_path).raw
    assert understand(raw).kind is ReplyKind.LOOP


def test_an_address_that_cannot_stand_in_a_mail_is_refused() -> None:
    hostile = replace(FORWARD, to=Party(name="x", mailbox="a@b.example>\r\nBcc: c@d.example"))
    with pytest.raises(UnusableAddress):
        sent_on(letter(), hostile)
