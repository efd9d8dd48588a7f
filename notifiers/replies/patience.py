"""How long a mail may be read: looked at between the steps, for what no other limit foresees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from notifiers.errors import TookTooLong


@dataclass(frozen=True, slots=True)
class Patience:
    """Patience that ends when `ticks`, a clock of seconds that never goes back, shows `until`."""

    ticks: Callable[[], float] | None
    until: float

    def check(self) -> None:
        """Go on, or raise TookTooLong."""
        if self.ticks is not None and self.ticks() > self.until:
            raise TookTooLong


UNLIMITED = Patience(None, 0)


def patience_for(ticks: Callable[[], float], seconds: float) -> Patience:
    """Patience for so many seconds from now, such as `patience_for(time.monotonic, 20)`."""
    return Patience(ticks, ticks() + seconds)
