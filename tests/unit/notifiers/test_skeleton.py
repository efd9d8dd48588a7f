from __future__ import annotations

from email import message_from_bytes
from email.message import Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers.replies.mime.message import parse
from notifiers.replies.mime.skeleton import skeleton

BODY = b"S8OtbmggZ+G7rWkg4bumeSBiYW4sDQoNCsSQxqFuIHbhu4sgNSB4aW4gYsOhbyBjw6FvIG5oxrAg\r\n" * 5
TWO_PARTS = (
    b"From: a@xa.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nBefore.\r\n--b\r\n"
    b"Content-Type: text/plain\r\n\r\n" + BODY + b"-- \r\nLan\r\n\r\n--b\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + BODY + b"\r\n--b--\r\nBehind.\r\n"
)
PIECES = (
    b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: multipart/mixed; boundary=\r\n",
    b"Content-Type: multipart/related; boundary=bb\n",
    b"Content-Type: message/rfc822\r\n", b"Content-Type: multipart/digest; boundary=b\r\n", b"Subject: x\n",
    b" folded\r\n", b"\r\n", b"\n", b"\r", b"--b\r\n", b"--bb\n", b"--b--\r\n", b"--bb--\n", b"--",
    b"-- \r\n", b"\r--b\r", b"\0", b"\0000\0", "Kính gửi\r\n".encode(), BODY, BODY[:-2],
    BODY.replace(b"\r", b""),
)  # fmt: skip


def tree(message: Message) -> object:
    """All that the parser says of a message."""
    within = [tree(one) for one in message.get_payload()] if message.is_multipart() else None
    said = None if message.is_multipart() else (message.get_payload(), message.get_payload(decode=True))
    defects = [type(one) for one in message.defects]
    return list(message.raw_items()), message.preamble, message.epilogue, defects, within, said


def test_the_bodies_of_a_mail_are_not_shown_to_the_parser() -> None:
    shown = skeleton(TWO_PARTS)

    assert len(shown.bodies) == 2
    assert len(shown.octets) < 320
    assert b"Lan" in shown.octets  # what stands below dashes may be a part


@pytest.mark.parametrize(
    "raw",
    [
        TWO_PARTS,
        TWO_PARTS.replace(b"\r\n", b"\n"),
        TWO_PARTS[:-30],
        TWO_PARTS.replace(b"\r\n--b--\r\nBehind.\r\n", b"\r"),
        TWO_PARTS.replace(b"\r\n-- \r\n", b"\r--b\r\n"),
        TWO_PARTS.replace(b"Content-Type: text/plain\r\n", "Kính gửi phòng\r\n".encode()),
        TWO_PARTS.replace(b"text/plain\r\n", b"Message/RFC822\r\n\r\nSubject: x\r\n"),
        TWO_PARTS.replace(b"mixed", b"DIGEST").replace(b"Content-Type: text/plain", b"\r\nSubject: x"),
        TWO_PARTS.replace(b"Before", b"\0000\0"),
        TWO_PARTS.replace(b"boundary=b", b'boundary=""').replace(b"--b", b"--"),
        BODY,
        b"",
        b"\n",
    ],
)
def test_a_mail_is_parsed_as_the_library_parses_it_whole(raw: bytes) -> None:
    assert tree(parse(raw)) == tree(message_from_bytes(raw))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from((b"", *PIECES[:5])), st.lists(st.sampled_from(PIECES), max_size=16))
def test_whatever_stands_in_a_mail_it_is_parsed_as_the_library_parses_it_whole(
    head: bytes, pieces: list[bytes]
) -> None:
    raw = b"\r\n".join((head, *pieces))

    assert tree(parse(raw)) == tree(message_from_bytes(raw))
