"""Letters: from an action to a mail in the outbox."""
