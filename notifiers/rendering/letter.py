"""One letter in words: its subject, what stands above and below, and what is said about its report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from notifiers import wording
from notifiers.address import token
from notifiers.conversation import OF_THEIR_OWN
from notifiers.overrides import NONE, Overrides
from notifiers.phrases import Phrases
from notifiers.ports import Letter
from notifiers.rendering.facts import rows
from notifiers.rendering.form import contents, example, fields, told_problems, told_values

_SUBJECT_TITLE = 70


def again(conversation: str) -> str:
    """The subject of what follows in a conversation: equal for all clients that put mails together by it."""
    return f"Re: {conversation}"


def titled(letter: Letter, overrides: Overrides = NONE) -> tuple[str, Phrases, Phrases]:
    """The subject, and the words that all letters share and those of this kind, knowing what it needs."""
    language = letter.language
    shared = Phrases(f"{language}/words.j2", {"letter": letter})
    own = Phrases(f"{language}/{letter.kind}.j2", shared.known)
    lead = " ".join(own("lead").split())
    shared.add(
        document=wording.document(letter.plan_number, language),
        token=token(letter.reply_to),
        lead=lead,
        opens=lead if letter.kind in OF_THEIR_OWN else "",
        title=wording.shortened(letter.task_title, _SUBJECT_TITLE),
        title_says_report=wording.says_report(letter.task_title, language),
        cycle="" if letter.of_several_plans else letter.cycle_name,
        # an agency's own head is told otherwise than a superior
        within=letter.to.name == letter.agency.name,
    )
    shared.add(said=overrides.subject(letter, letter.kind))
    if letter.conversation is not None:
        # the subject is given: a coordinator's own words for it stand above the mail instead
        shared.add(lead=shared.known["said"] or lead)
        return again(letter.conversation), shared, own
    if letter.several and not shared.known["said"]:
        return " ".join(shared("subject_several").split()), shared, own
    block = "subject_said" if shared.known["said"] else "subject"
    line = " ".join(shared("subject_classified" if letter.classified else block).split())
    return line, shared, own


def worded(letter: Letter, overrides: Overrides = NONE) -> tuple[str, Phrases, Phrases]:
    """The subject, the words that all letters share, and those of this kind, with all known that they use."""
    line, shared, own = titled(letter, overrides)
    shared.add(day_after=letter.due_on + timedelta(days=1))
    shared.add(period=shared("period"), what=shared("what"), proper_channel=shared("proper_channel"))
    form, values = contents(letter)
    shared.add(example=example(form, values, letter.language))
    shared.add(how=_how(letter, shared), correct=shared("correct") if values else "")
    own.add(**shared.known)
    return line, shared, own


def frame(letter: Letter, overrides: Overrides) -> dict[str, Any]:
    """What the templates of the whole letter need to know."""
    line, shared, own = worded(letter, overrides)
    return {
        **envelope(letter, shared),
        "subject": line,
        "opening": [
            *shared.paragraphs("redirected"),
            *(overrides.paragraphs(letter, letter.kind, "opening") or own.paragraphs("opening")),
        ],
        "facts": _facts(letter, shared),
        "sections": [told_section(letter, shared, own)],
        "asking": [],
        "unclear": [],
        "closing": overrides.paragraphs(letter, letter.kind, "closing") or own.paragraphs("closing"),
    }


def envelope(letter: Letter, shared: Phrases) -> dict[str, Any]:
    """What stands above and below what is said."""
    return {
        "language": str(letter.language),
        "lead": shared.known["lead"],
        "salutation": shared("salutation"),
        "attention": shared("attention"),
        # the issuer does not sign a letter to itself: its coordinator does
        "signer": letter.coordinator.name if letter.to.name == letter.issuer.name else letter.issuer.name,
        "contact": shared("contact"),
        "words": {name: shared(name) for name in ("regards", "footer", "unclear")},
    }


def told_section(letter: Letter, shared: Phrases, own: Phrases) -> dict[str, Any]:
    """What is said about one report."""
    form, values = contents(letter)
    words = ("recorded", "to_check", "block_start", "block_end", "due")
    return {
        "heading": "",
        "standing": "",
        "facts": [],
        "late": letter.days_late > 0,
        "recorded": told_values(form, values, letter.language),
        "problems": told_problems(letter, shared),
        "asking": own.paragraphs("asking"),
        "fields": fields(letter, form, shared),
        "words": {name: shared(name) for name in words},
    }


def _how(letter: Letter, shared: Phrases) -> str:
    """The one sentence on how to answer."""
    if letter.classified:
        return shared("proper_channel")
    return shared("write_text" if letter.form is None else "fill_in")


def _facts(letter: Letter, shared: Phrases) -> list[tuple[str, str]]:
    """What, who, to whom, when."""
    return [(name, value) for _, name, value in rows(letter, shared)]
