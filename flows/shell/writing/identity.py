"""Who the engine writes as, and the key that its addresses and ids are signed with."""

from __future__ import annotations

import hashlib
import hmac
import logging
from dataclasses import dataclass

from flows.settings import Settings
from notifiers.address import signed_address
from notifiers.overrides import NONE, Overrides, read_overrides

_log = logging.getLogger("dondoc.letters")


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who the engine writes as, and the key that its addresses are signed with."""

    name: str
    mailbox: str
    secret: bytes
    templates: Overrides = NONE
    """The coordinator's own words for mails."""

    @property
    def domain(self) -> str:
        """The domain of the mailbox."""
        return self.mailbox.rpartition("@")[2]

    def token(self, request_id: int) -> str:
        """The key of a request inside an address."""
        return f"r{request_id}"

    def request_of(self, key: str) -> int | None:
        """The request that a key names; None when it is no key of ours."""
        return int(key[1:]) if key[:1] == "r" and key[1:].isdecimal() and len(key) < 20 else None

    def petition_address(self, petition_id: int) -> str:
        """Where whoever decides answers what an agency asks for."""
        return signed_address(self.mailbox, f"p{petition_id}", self.secret)

    def petition_of(self, key: str) -> int | None:
        """The petition that a key names; None when it is no such key of ours."""
        return int(key[1:]) if key[:1] == "p" and key[1:].isdecimal() and len(key) < 20 else None

    def inquiry_token(self, inquiry_id: int) -> str:
        """The key of a question which report is meant."""
        return f"q{inquiry_id}"

    def inquiry_of(self, key: str) -> int | None:
        """The question that a key names; None when it is no such key of ours."""
        return int(key[1:]) if key[:1] == "q" and key[1:].isdecimal() and len(key) < 20 else None

    def is_own(self, address: str) -> bool:
        """Whether an address is ours, tagged or not."""
        local, _, domain = address.casefold().rpartition("@")
        own, _, at = self.mailbox.casefold().rpartition("@")
        return domain == at and local.partition("+")[0] == own

    def parcel_token(self, keys: str) -> str:
        """The key inside an address of a mail about several requests, from the keys of all its letters."""
        return "b" + hmac.digest(self.secret, b"parcel\0" + keys.encode(), hashlib.sha256).hex()[:12]

    def is_parcel(self, key: str) -> bool:
        """Whether a key is of a mail about several requests."""
        return key[:1] == "b" and len(key) == 13

    def reply_address(self, request_id: int) -> str:
        """Where answers about a request come back to."""
        return signed_address(self.mailbox, self.token(request_id), self.secret)

    def message_id(self, key: str) -> str:
        """The Message-ID of the mail with this idempotency key: always the same, and known only to whom we
        wrote, for a reference to it counts as evidence.
        """
        digest = hmac.digest(self.secret, b"message-id\0" + key.encode(), hashlib.sha256)
        return f"<dd.{digest.hex()[:32]}@{self.domain}>"


def identity_of(settings: Settings) -> Identity:
    """The identity by this machine's settings, with the coordinator's own words for mails; mistakes in these
    are logged, and not used.
    """
    templates = read_overrides(settings.templates) if settings.templates is not None else NONE
    if templates.faults:
        first = templates.faults[0]
        _log.warning(
            "%d mistakes in the mail templates, the first at %s:%d; see `dondoc templates check`",
            len(templates.faults),
            first.path,
            first.line,
        )
    return Identity(
        name=settings.mail_name, mailbox=settings.mailbox, secret=settings.secret(), templates=templates
    )
