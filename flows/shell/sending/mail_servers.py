"""The mail servers that the settings name, as the mail floor wants them described."""

from __future__ import annotations

from functools import cache

from flows.mail_settings import MailboxSettings, OAuthSettings, OutgoingSettings
from notifiers.imap_folder import ImapSettings
from notifiers.smtp import SmtpSettings
from notifiers.tls import Tls
from notifiers.tokens import AccessTokens, TokenCommand, TokenEndpoint


def outgoing(told: OutgoingSettings) -> SmtpSettings:
    """The server that takes our mail."""
    return SmtpSettings(
        host=told.host,
        port=told.port,
        username=told.username,
        password=told.password,
        tokens=_tokens(told.oauth) if told.oauth else None,
        tls=Tls(told.tls),
        certificates=str(told.certificates) if told.certificates else None,
    )


def fetched(told: MailboxSettings, size_limit: int) -> ImapSettings:
    """The mailbox that mail is fetched from; mails of more octets than `size_limit` are left there."""
    return ImapSettings(
        host=told.host,
        port=told.port,
        username=told.username,
        password=told.password or "",
        tokens=_tokens(told.oauth) if told.oauth else None,
        tls=Tls(told.tls),
        certificates=str(told.certificates) if told.certificates else None,
        folder=told.folder,
        size_limit=size_limit,
    )


@cache
def _tokens(told: OAuthSettings) -> AccessTokens:
    """One account has one token at hand, whichever way it is used."""
    if told.command is not None:
        return AccessTokens(TokenCommand(command=told.command))
    return AccessTokens(
        TokenEndpoint(
            url=told.url or "",
            client_id=told.client_id,
            client_secret=told.client_secret,
            refresh_token=told.refresh_token,
            refresh_token_file=told.refresh_token_file,
            scope=told.scope,
        )
    )
