"""What stands in our mails and only we could have written."""

from __future__ import annotations

from dataclasses import replace

from flows.shell.writing.identity import Identity

US = Identity(name="Đôn đốc", mailbox="baocao@dondoc.example", secret=b"s" * 32)
KEY = "ke-hoach/2024/bao-cao/xa-1/request/1"


def test_a_message_id_is_the_same_each_time_and_short_enough_for_every_client() -> None:
    assert US.message_id(KEY) == US.message_id(KEY)
    assert US.message_id(KEY) != US.message_id(KEY + "2")
    assert len(US.message_id(KEY)) < 70


def test_a_message_id_cannot_be_made_up_by_who_knows_the_plan() -> None:
    assert replace(US, secret=b"t" * 32).message_id(KEY) != US.message_id(KEY)


def test_a_key_in_an_address_names_a_request_or_nothing() -> None:
    assert US.request_of(US.token(12)) == 12
    assert [US.request_of(one) for one in ("", "r", "12", "rx", "x12", "r" + "1" * 30)] == [None] * 6
