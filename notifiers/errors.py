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
    """The outgoing mail server did not accept the login: nothing goes out until it does."""

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
    """The IMAP server did not accept the login: no mail is fetched until it does."""

    def __init__(self, host: str, port: int, username: str, reason: str) -> None:
        super().__init__(f"the IMAP server {host}:{port} refused the login of {username}: {reason}")
        self.host = host
        self.port = port
        self.username = username
        self.reason = reason


class TokenUnavailable(NotifierError, ConnectionError):
    """No access token could be had now; it is asked for again."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"no access token from {source}: {reason}")
        self.source = source
        self.reason = reason


class TokenRefused(NotifierError, PermissionError):
    """No access token is given out: what it is asked for with is wrong, or has ended."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"no access token is given out by {source}: {reason}")
        self.source = source
        self.reason = reason


class PortInUse(NotifierError, OSError):
    """The address that mail should come in at cannot be listened on."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"cannot listen for mail on {host}:{port}: {reason}")
        self.host = host
        self.port = port
        self.reason = reason


class UnusableCertificate(NotifierError, ValueError):
    """The certificate that the listener should show cannot be used."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"the certificate {file} cannot be used with its key: {reason}")
        self.file = file
        self.reason = reason


class UnusableAddress(NotifierError, ValueError):
    """A mail address or message id that cannot stand in a mail."""

    def __init__(self, value: str | None, why: str) -> None:
        super().__init__(f"unusable mail address {value!r}: {why}")
        self.value = value
        self.why = why


class TookTooLong(NotifierError, TimeoutError):
    """Reading a mail took longer than one mail may take: a person must look at it."""

    def __init__(self) -> None:
        super().__init__("the mail took too long to read")
