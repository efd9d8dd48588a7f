from __future__ import annotations

import pytest

from notifiers.delivered import delivered, is_left_behind, left_behind


def test_the_envelope_is_what_the_delivering_server_wrote_down() -> None:
    raw = (
        b"Return-Path: <vanthu@xa.example>\r\nDelivered-To: BaoCao+R12-abc@tinh.example\r\n"
        b"X-Original-To: baocao+r12-abc@tinh.example\r\nFrom: a@b.example\r\nTo: b@other.example\r\n\r\nx\r\n"
    )
    mail = delivered(raw)
    assert mail.envelope_from == "vanthu@xa.example"
    assert mail.envelope_to == ("baocao+r12-abc@tinh.example",)
    assert mail.raw is raw


def test_without_it_the_mail_itself_is_believed() -> None:
    mail = delivered(
        b'From: "Xa, van thu" <a@xa.example>\nTo: b@x.example, c@x.example\nCc: d@x.example\n\nx'
    )
    assert mail.envelope_from == "a@xa.example"
    assert mail.envelope_to == ("b@x.example", "c@x.example", "d@x.example")


def test_a_bounce_has_no_sender_though_it_has_an_author() -> None:
    assert delivered(b"Return-Path: <>\r\nFrom: MAILER-DAEMON@x.example\r\n\r\nx").envelope_from == ""


def test_what_stands_below_the_headers_is_no_evidence() -> None:
    mail = delivered(b"From: a@x.example\r\n\r\nDelivered-To: baocao+r1-x@tinh.example\r\n")
    assert mail.envelope_to == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"no header at all",
        b"Delivered-To: \xff\xfe@x\x00.example\r\nReturn-Path: <<>>@\r\n\r\n",
        b"To: " + b"(" * 100_000 + b"\r\n\r\nx",
        b"Delivered-To: a@x.example\r\n" * 20_000,
    ],
)
def test_whatever_the_octets_the_envelope_can_be_written_to_a_ledger(raw: bytes) -> None:
    mail = delivered(raw)
    for one in (mail.envelope_from, *mail.envelope_to):
        assert "\0" not in one
        one.encode("utf-8")
    assert mail == delivered(raw)


def test_of_a_mail_too_large_to_fetch_the_marked_headers_are_kept() -> None:
    head = b"Delivered-To: baocao+r1-x@tinh.example\r\nFrom: a@xa.example\r\nSubject: nang\r\n"
    kept = left_behind(head, 40_000_000)
    assert is_left_behind(kept.raw)
    assert kept.raw.startswith(b"X-Dondoc-Left-Behind: 40000000\r\nDelivered-To:")
    assert (kept.envelope_from, kept.envelope_to) == ("a@xa.example", ("baocao+r1-x@tinh.example",))
    assert not is_left_behind(head + b"\r\nX-Dondoc-Left-Behind: 1\r\n")
