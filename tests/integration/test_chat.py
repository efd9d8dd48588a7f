"""Texts for channels through Apprise to a real web server, which takes, puts off and refuses them."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from notifiers.bulletin import Bulletin
from notifiers.chat import NO_ANSWER, NOT_SET_UP, NOT_UNDERSTOOD, Chat
from notifiers.ports import Accepted, Deferred, InDoubt, Refused
from tests.integration.web_hook import WebHook, web_hook

SECRET = "khoa-rieng-cua-kenh"
SAID = Bulletin(
    title="[Đôn đốc] Kế hoạch số 99/KH-UBND: 1 báo cáo quá hạn", text="– UBND xã 1: <b>&</b>\n– và"
)


@pytest.fixture
def hook() -> Iterator[WebHook]:
    with web_hook() as found:
        yield found


def chat(hook: WebHook, **more: float) -> Chat:
    return Chat(addresses={"chat-vp": hook.address(SECRET)}, **more)


def test_a_text_arrives_once_as_it_was_written(hook: WebHook) -> None:
    assert chat(hook).post("chat-vp", SAID) == Accepted(answer="")
    ((path, said),) = hook.posted
    assert path.strip("/") == SECRET
    assert (said["title"], said["message"]) == (SAID.title, SAID.text)


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_service_that_cannot_now_is_asked_again(hook: WebHook, code: int) -> None:
    hook.answer = code
    assert chat(hook).post("chat-vp", SAID) == Deferred(code=code, answer=str(code))


@pytest.mark.parametrize("code", [400, 401, 404, 410])
def test_a_service_that_will_not_is_not(hook: WebHook, code: int) -> None:
    hook.answer = code
    assert chat(hook).post("chat-vp", SAID) == Refused(code=code, answer=str(code))


def test_one_answer_is_not_taken_for_that_of_the_next(hook: WebHook) -> None:
    hook.answer = 404
    assert isinstance(chat(hook).post("chat-vp", SAID), Refused)
    closed = Chat(addresses={"chat-vp": "json://127.0.0.1:1/x"})
    assert closed.post("chat-vp", SAID) == Deferred(code=0, answer=NO_ANSWER)


def test_a_service_that_does_not_answer_in_time_may_have_it(hook: WebHook) -> None:
    hook.goes_on.clear()
    assert chat(hook, patience_seconds=0.5).post("chat-vp", SAID) == InDoubt(reason=NO_ANSWER)
    hook.goes_on.set()


@pytest.mark.parametrize(
    ("addresses", "trouble"),
    [
        ({}, NOT_SET_UP),
        ({"chat-vp": "khong-phai-dia-chi"}, NOT_UNDERSTOOD),
        ({"chat-vp": "json://"}, NOT_UNDERSTOOD),
        ({"chat-vp": f"khongco://{SECRET}@chat.example"}, NOT_UNDERSTOOD),
    ],
)
def test_a_channel_without_a_usable_address_waits_for_one(addresses: dict[str, str], trouble: str) -> None:
    found = Chat(addresses=addresses)
    assert found.trouble("chat-vp") == trouble
    assert found.post("chat-vp", SAID) == Deferred(code=0, answer=trouble)


def test_no_log_and_no_description_tells_the_address(hook: WebHook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    hook.answer = 500
    found = chat(hook)
    outcomes = [found.post("chat-vp", SAID), Chat(addresses={"x": f"json://{SECRET}:p@"}).post("x", SAID)]
    assert SECRET not in repr([found, outcomes])
    assert SECRET not in caplog.text
