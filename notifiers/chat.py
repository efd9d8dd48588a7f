"""Chat: short texts for channels and webhooks, through Apprise; the only door to it."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from notifiers.ports import Accepted, Deferred, InDoubt, Outcome, Refused

if TYPE_CHECKING:
    from notifiers.bulletin import Bulletin

NOT_SET_UP = "not-set-up"
"""The answer where nobody has said what the address of a channel is."""
NOT_UNDERSTOOD = "not-understood"
"""The answer where the address is none that Apprise knows what to do with."""
NO_ANSWER = "no-answer"
"""The answer where no service could be reached, or it said nothing that we know of."""

_APPRISE = "apprise"
_PATIENCE_SECONDS = 60.0
_CONNECT_SECONDS = 10.0
_READ_SECONDS = 25.0
"""Long enough that a slow service is not taken for one that did not get the text."""
_CODE = re.compile(r"\berror=(\d{3})\b")
_NOT_NOW = frozenset((408, 409, 423, 425, 429))
"""Answers that blame the request but are about the moment."""


@dataclass(frozen=True, kw_only=True)
class Chat:
    """Posts to channels by name; their addresses hold credentials, and never leave this object."""

    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)
    patience_seconds: float = _PATIENCE_SECONDS

    def trouble(self, channel: str) -> str | None:
        """Why nothing can be posted to a channel as things are set up; None when it can be tried."""
        if channel not in self.addresses:
            return NOT_SET_UP
        return None if _plugin(self.addresses[channel]) is not None else NOT_UNDERSTOOD

    def post(self, channel: str, bulletin: Bulletin) -> Outcome:
        """Post once. What the service says beyond a number is not told on: it may repeat the address.

        Where no address is set up, or a wrong one, it is for the time being: somebody may mend it.
        """
        trouble = self.trouble(channel)
        if trouble is not None:
            return Deferred(code=0, answer=trouble)
        attempt = _Attempt(self.addresses[channel], bulletin)
        attempt.start()
        attempt.join(self.patience_seconds)
        if attempt.is_alive() or attempt.delivered is None:
            return InDoubt(reason=NO_ANSWER)
        if attempt.delivered:
            return Accepted(answer="")
        code = attempt.code
        answer = str(code) if code else NO_ANSWER
        if 400 <= code < 500 and code not in _NOT_NOW:
            return Refused(code=code, answer=answer)
        return Deferred(code=code, answer=answer)


class _Attempt(threading.Thread):
    """One attempt, in a thread that nobody need wait for: some services take as long as they like."""

    def __init__(self, address: str, bulletin: Bulletin) -> None:
        super().__init__(name="dondoc-chat-attempt", daemon=True)
        self._address = address
        self._bulletin = bulletin
        self.delivered: bool | None = None
        """None until the service was heard, or where its plugin broke down."""
        self.code = 0
        """The number that the service answered with; 0 where none was heard."""

    def run(self) -> None:
        """Post, and note what the service made of it."""
        plugin = _plugin(self._address)
        ears = _ears()
        ears.heard.code = 0
        self.delivered = bool(plugin.notify(body=self._bulletin.text, title=self._bulletin.title))
        self.code = ears.heard.code


class _Ears(logging.Filter):
    """Hears what is logged while something is posted: takes the number that a service answered with, and lets
    nothing on, for such lines hold tokens and addresses.
    """

    def __init__(self) -> None:
        super().__init__()
        self.heard = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        found = _CODE.search(record.getMessage()) if record.levelno >= logging.WARNING else None
        if found is not None:
            self.heard.code = int(found[1])
        return record.name != _APPRISE and not isinstance(threading.current_thread(), _Attempt)


@cache
def _ears() -> _Ears:
    """Those at the logs of Apprise and of what it speaks HTTP with."""
    ears = _Ears()
    log = logging.getLogger(_APPRISE)
    log.setLevel(logging.WARNING)
    for one in (log, logging.getLogger("urllib3.connectionpool")):
        one.addFilter(ears)
    return ears


def _plugin(address: str) -> Any:  # noqa: ANN401 - Apprise has a class for each service
    """What speaks to the service of that address; None when it is no address of one."""
    _ears()
    from apprise import Apprise, AppriseAsset, PersistentStoreMode

    asset = AppriseAsset(app_id="dondoc", storage_mode=PersistentStoreMode.MEMORY, async_mode=False)
    plugin = Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if plugin is not None:
        plugin.socket_connect_timeout = max(plugin.socket_connect_timeout or 0, _CONNECT_SECONDS)
        plugin.socket_read_timeout = max(plugin.socket_read_timeout or 0, _READ_SECONDS)
    return plugin
