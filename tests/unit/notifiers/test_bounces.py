from __future__ import annotations

import pytest

from notifiers.replies import ReplyKind, understand

DAEMON = "From: Mail Delivery System <MAILER-DAEMON@mx.huyen.example>\nReturn-Path: <>\n"
BACK = "To: bounce+k3-aaaaaaaaaaaaaaaa@dondoc.example\n"


def _report(fields: str, text: str = "", head: str = DAEMON, original: str = "") -> bytes:
    return (
        f"{head}{BACK}Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.huyen.example\n\n{fields}\n\n"
        + (f"--b\nContent-Type: message/rfc822\n\n{original}\n\n" if original else "")
        + "--b--\n"
    ).encode()


def _text(subject: str, text: str, head: str = DAEMON) -> bytes:
    return f"{head}{BACK}Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n".encode()


@pytest.mark.parametrize(
    ("raw", "recipient", "action", "status"),
    [
        (
            _report(
                "Final-Recipient: rfc822; vanthu@xa.example\nAction: failed\nStatus: 5.1.1\n"
                "Diagnostic-Code: smtp; 550 5.1.1 User unknown"
            ),
            "vanthu@xa.example", "failed", "5.1.1",
        ),
        (
            _report(
                "Original-Recipient: rfc822;vanthu@xa.example\nFinal-Recipient: rfc822;u1@in.xa.example\n"
                "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp;552 5.2.2 mailbox full"
            ),
            "vanthu@xa.example", "failed", "5.2.2",
        ),
        (
            _report("Final-Recipient: RFC822; <vanthu@xa.example>\nAction: delayed\nStatus: 4.4.1"),
            "vanthu@xa.example", "delayed", "4.4.1",
        ),
        (
            _report("Final-Recipient: utf-8; vănthư@xã.example\nAction: failed\nStatus: 5.1.1").replace(
                b"message/delivery-status", b"message/global-delivery-status"
            ),
            "vănthư@xã.example", "failed", "5.1.1",
        ),
        (
            _report("Final-Recipient: utf-8; v\\x{103}nth\\x{1B0}@xa.example\nAction: failed\nStatus: 5.1.1"),
            "vănthư@xa.example", "failed", "5.1.1",
        ),
        (
            _report("Action: failed\nStatus: 5.1.2", original="From: a@b.example\nTo: vanthu@xa.example"),
            "vanthu@xa.example", "failed", "5.1.2",
        ),
        (
            _report(
                "Final-Recipient: rfc822;mot@xa.example\nAction: delivered\nStatus: 2.0.0\n\n"
                "Final-Recipient: rfc822;hai@xa.example\nAction: failed\nStatus: 5.1.1"
            ),
            "hai@xa.example", "failed", "5.1.1",
        ),
        (
            _text(
                "failure notice",
                "Hi. This is the qmail-send program at mx.huyen.example.\n"
                "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
                "<vanthu@xa.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
                "--- Below this line is a copy of the message.\n\nTo: khac@xa.example\n",
            ),
            "vanthu@xa.example", "failed", "5.1.1",
        ),
        (
            _text(
                "Mail delivery failed: returning message to sender",
                "A message that you sent could not be delivered to one or more of its recipients.\n"
                "This is a permanent error. The following address(es) failed:\n\n  vanthu@xa.example\n"
                "    Unrouteable address\n",
            ),
            "vanthu@xa.example", "failed", "5.1.2",
        ),
        (
            _text(
                "Delivery Status Notification (Failure)",
                "Không tìm thấy địa chỉ\n\nThư của bạn không gửi được đến vanthu@xa.example vì địa chỉ "
                "không tồn tại.\n",
                "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n"
                "X-Failed-Recipients: vanthu@xa.example\nAuto-Submitted: auto-replied\n",
            ),
            "vanthu@xa.example", "failed", "5.1.1",
        ),
        (
            _text(
                "Undeliverable: Báo cáo quý I",
                "Delivery has failed to these recipients or groups:\n\n"
                "vanthu@xa.example<mailto:vanthu@xa.example>\n"
                "The recipient's mailbox is full and can't accept messages now.\n",
                "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@huyen.example>\n",
            ),
            "vanthu@xa.example", "failed", "5.2.2",
        ),
        (
            _text(
                "Warning: could not send message for past 4 hours",
                "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\n"
                "   ----- The following addresses had transient non-fatal errors -----\n"
                "<vanthu@xa.example>\n\n"
                "Deferred: Connection timed out with mx.xa.example.\nMessage will be retried for 5 days\n",
            ),
            "vanthu@xa.example", "delayed", "4.4.1",
        ),
    ],
    ids=[
        "postfix", "original recipient", "delayed", "in utf-8", "in utf-8 as ASCII",
        "recipient in the copy", "second recipient", "qmail",
        "exim", "gmail", "exchange", "sendmail warning",
    ],
)  # fmt: skip
def test_a_bounce_says_who_was_not_reached_and_for_how_long(
    raw: bytes, recipient: str, action: str, status: str
) -> None:
    mail = understand(raw)

    assert mail.kind is ReplyKind.BOUNCE
    assert mail.bounce is not None
    assert (mail.bounce.recipient, mail.bounce.action, mail.bounce.status) == (recipient, action, status)


@pytest.mark.parametrize(
    "below",
    [
        "--- Below this line is a copy of the message.\n\nFrom: a@b.example\nMessage-ID: <k3@dondoc.example>",
        "Original message headers:\n\n  Subject: x\n  Message-Id:\n   <k3@dondoc.example>",
        "> Message-ID: <k3@dondoc.example>",
    ],
)
def test_the_id_of_our_mail_is_found_where_only_the_text_has_it(below: str) -> None:
    raw = _text("failure notice", f"<vanthu@xa.example>:\n550 no such user\n\n{below}")

    mail = understand(b"Message-ID: <own@mx.huyen.example>\n" + raw)

    assert mail.bounce is not None
    assert mail.bounce.original_message_id == "<k3@dondoc.example>"


@pytest.mark.parametrize(
    ("subject", "text", "head"),
    [
        (
            "Re: Undeliverable: Báo cáo quý I",
            "Thư trước không gửi được, xã xin gửi lại báo cáo.",
            "From: Lan <vanthu@xa.example>\nIn-Reply-To: <k3@dondoc.example>\n",
        ),
        (
            "Báo cáo quý I",
            "The report could not be delivered in time, the mailbox was full. Here it is.",
            "From: Lan <vanthu@xa.example>\n",
        ),
        (
            "Không gửi được thư báo cáo",
            "Hôm qua thư báo cáo không gửi được đến phòng, xã xin gửi lại: đã đăng 12 tin.",
            "From: Lan <vanthu@xa.example>\nTo: baocao@dondoc.example\n",
        ),
        (
            "Thư không gửi được",
            "Anh chị ơi, thư hôm qua em gửi không được ạ.",
            "From: Lan <vanthu@xa.example>\nIn-Reply-To: <k3@dondoc.example>\n",
        ),
    ],
)
def test_a_person_who_speaks_of_undelivered_mail_is_no_bounce(subject: str, text: str, head: str) -> None:
    assert understand(_text(subject, text, head)).kind is not ReplyKind.BOUNCE


def test_a_read_receipt_is_an_automatic_reply() -> None:
    raw = (
        b"From: Lan <vanthu@xa.example>\nSubject: Read: x\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n'
        b"--b\nContent-Type: text/plain\n\nYour message was read.\n"
        b"--b\nContent-Type: message/disposition-notification\n\n"
        b"Final-Recipient: rfc822;vanthu@xa.example\nDisposition: manual-action/MDN; displayed\n"
        b"--b--\n"
    )

    assert understand(raw).kind is ReplyKind.AUTO_REPLY
