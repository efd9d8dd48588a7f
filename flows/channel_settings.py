"""What a machine is told about chat channels: their addresses, which hold credentials."""

from __future__ import annotations

from collections.abc import Mapping

from flows.environment import Environ, secret

_PREFIX = "DONDOC_CHANNEL_"
_FILE = "_FILE"


def channels(env: Environ) -> Mapping[str, str]:
    """The address of each channel that is set up, by the name that plans know it by.

    From DONDOC_CHANNEL_CHAT_VP, or the first line of the file that DONDOC_CHANNEL_CHAT_VP_FILE names, for
    `chat-vp`. Raises SettingError.
    """
    names = {name.removesuffix(_FILE) for name in env if name.startswith(_PREFIX)}
    found = {_channel(name): secret(env, name) for name in sorted(names)}
    return {name: address for name, address in found.items() if name and address}


def variable(channel: str) -> str:
    """The name of the setting that holds a channel's address."""
    return _PREFIX + channel.replace("-", "_").upper()


def _channel(name: str) -> str:
    return name.removeprefix(_PREFIX).replace("_", "-").lower()
