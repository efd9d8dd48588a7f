from __future__ import annotations

import asyncio

from notifiers.memory import MemoryMailer
from notifiers.ports import Accepted, Mail, Mailer, Outcome, Refused


def mail(number: int) -> Mail:
    return Mail(
        message_id=f"<{number}@a.example>",
        envelope_from="a@b.example",
        envelope_to=("c@d.example",),
        raw=b"x",
    )


def test_mails_are_kept_in_order_and_outcomes_can_be_switched() -> None:
    mailer = MemoryMailer()
    port: Mailer = mailer

    async def scenario() -> list[Outcome]:
        async with port.session() as session:
            first = await session.send(mail(1))
            mailer.answer = lambda _: Refused(code=550, answer="no")
            second = await session.send(mail(2))
        return [first, second]

    outcomes = asyncio.run(scenario())

    assert isinstance(outcomes[0], Accepted)
    assert outcomes[1] == Refused(code=550, answer="no")
    assert [one.message_id for one in mailer.sent] == ["<1@a.example>"]
    assert [one.message_id for one in mailer.tried] == ["<1@a.example>", "<2@a.example>"]
    assert mailer.opened == 1
