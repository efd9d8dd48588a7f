"""What can go wrong on the mail floor, one class for each decision that a caller has to take."""

from __future__ import annotations


class NotifierError(Exception):
    """Something of the mail floor did not work."""


class MailServerUnavailable(NotifierError, ConnectionError):
    """No connection to the outgoing mail server could be had: nothing was sent, all may be tried again."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"mail server {host}:{port} cannot be used: {reason}")
        self.host = host
        self.port = port
        self.reason = reason


class MailLoginRefused(NotifierError, PermissionError):
    """The outgoing mail server did not accept the user name and password: nothing will go out until then."""

    def __init__(self, host: str, port: int, username: str, reason: str) -> None:
        super().__init__(f"mail server {host}:{port} refused the login of {username}: {reason}")
        self.host = host
        self.port = port
        self.username = username
        self.reason = reason


class MailboxUnavailable(NotifierError, ConnectionError):
    """The mailbox cannot be read now: no connection, no such folder, or the server broke off."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"the mailbox at {host}:{port} cannot be read: {reason}")
        self.host = host
        self.port = port
        self.reason = reason


class MailboxLoginRefused(NotifierError, PermissionError):
    """The IMAP server did not accept the user name and password: no mail is fetched until it does."""

    def __init__(self, host: str, port: int, username: str, reason: str) -> None:
        super().__init__(f"the IMAP server {host}:{port} refused the login of {username}: {reason}")
        self.host = host
        self.port = port
        self.username = username
        self.reason = reason


class PortInUse(NotifierError, OSError):
    """The address that mail should come in at cannot be listened on."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"cannot listen for mail on {host}:{port}: {reason}")
        self.host = host
        self.port = port
        self.reason = reason


class UnusableAddress(NotifierError, ValueError):
    """A mail address or message id that cannot stand in a mail."""

    def __init__(self, value: str | None, why: str) -> None:
        super().__init__(f"unusable mail address {value!r}: {why}")
        self.value = value
        self.why = why
