"""Who is written to: each of them needs a mailbox."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.declared import Declared, Entry
from schemas.findings import Code, Thing
from schemas.model import Escalation, PlanFile, Recipient
from schemas.succession import line

_HOME = "VN"
_PUBLIC = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mail.com",
        "outlook.com",
        "outlook.com.vn",
        "proton.me",
        "yahoo.com",
        "yahoo.com.vn",
    }
)
"""Mail services where everybody can have an address."""


def check_mailboxes(declared: Declared) -> None:
    """Look at every agency that a sound plan will write to."""
    asked: set[str] = set()
    for entry in declared.plans.entries.values():
        if entry.reading.is_broken(()):
            continue
        for name, why in _written_to(declared, entry):
            agency = declared.agencies.entries.get(name)
            if agency is None or name in asked or agency.broken:
                continue
            if agency.thing.mailbox is None:
                asked.add(name)
                role, _, of = why.partition(" ")
                place = agency.value_place("id")
                declared.say(Code.NO_MAILBOX, place, role, name=name, plan=entry.name, of=of)
    _check_shared(declared)
    for name in asked:
        declared.agencies.entries[name].broken = True


def check_domains(declared: Declared) -> None:
    """Look at the domains that agencies are known by: one that is everybody's proves nothing."""
    for entry in declared.agencies.entries.values():
        for number, domain in enumerate(entry.thing.domains):
            if domain.casefold() in _PUBLIC:
                where = Thing("agency", entry.name, "domains")
                place = entry.value_place("domains", number)
                declared.say(Code.PUBLIC_DOMAIN, place, where=where, name=domain)


def check_time_zones(declared: Declared) -> None:
    """Look at the time zone of every calendar."""
    from zoneinfo import ZoneInfo

    for entry in declared.calendars.entries.values():
        try:
            ZoneInfo(entry.thing.time_zone)
        except (KeyError, ValueError, OSError):
            declared.say(Code.NO_TIME_ZONE, entry.value_place("time_zone"), name=entry.thing.time_zone)
            entry.broken = True


def check_countries(declared: Declared) -> None:
    """Look at the country of every calendar: its public holidays must be known."""
    for entry in declared.calendars.entries.values():
        country = entry.thing.country
        if country != _HOME and country not in _countries():
            where = Thing("calendar", entry.name, "country")
            place = entry.value_place("country")
            declared.say(Code.NOT_WRITTEN_SO, place, "no-country", where=where, given=country)
            entry.broken = True


def _countries() -> frozenset[str]:
    """Countries whose public holidays are known; asked for only when a calendar is not of this country."""
    from holidays import list_supported_countries

    return frozenset(list_supported_countries())


def _check_shared(declared: Declared) -> None:
    """Members of one group with one mailbox: copied where another was meant, unless they really share it."""
    told: set[str] = set()
    for group in declared.groups.entries.values():
        first: dict[str, str] = {}
        for name in declared.members(group.name):
            agency = declared.agencies.entries.get(name)
            mailbox = agency.thing.mailbox if agency is not None else None
            if agency is None or mailbox is None or name in told:
                continue
            other = first.setdefault(mailbox.casefold(), name)
            if other != name:
                told.add(name)
                also = declared.agencies.entries[other].value_place("mailbox")
                place = agency.value_place("mailbox")
                declared.say(Code.SAME_MAILBOX, place, also=also, name=name, other=other, mailbox=mailbox)


def _written_to(declared: Declared, entry: Entry[PlanFile]) -> Iterator[tuple[str, str]]:
    """Each agency that the plan writes to, and what makes it: a role, and after a blank whose or what for."""
    spec = entry.thing
    period = spec.plan.period
    agencies = declared.known_agencies
    yield spec.plan.coordinator or spec.plan.issuer, "coordinator" if spec.plan.coordinator else "issuer"
    for task in spec.tasks:
        report = spec.report(task)
        if report is None:
            continue
        policy = declared.escalations.entries.get(report.escalation or spec.plan.escalation)
        leads = (name for owner in task.lead for name in declared.members(owner))
        for name in (there for lead in leads for there in line(agencies, lead, period.start, period.end)):
            yield name, f"lead {task.id}"
            if policy is not None:
                yield from _climbed(declared, name, spec, policy.thing)
        for key, named in (("via", report.via), ("to", report.to)):
            if named is not None:
                yield named, f"{key} {task.id}"


def _climbed(declared: Declared, name: str, spec: PlanFile, policy: Escalation) -> Iterator[tuple[str, str]]:
    for rung in policy.ladder:
        if rung.to is Recipient.ISSUER:
            yield spec.plan.issuer, "issuer"
        elif rung.to is Recipient.SUPERIOR:
            above: str | None = name
            for _ in range(rung.up):
                entry = declared.agencies.entries.get(above or "")
                above = entry.thing.superior if entry is not None else None
            if above is not None:
                yield above, f"superior {name}"
