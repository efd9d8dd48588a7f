"""The outbox empties itself: mails to servers, bulletins to chat channels, and what became of each."""
