"""What a person decides: about mails that wait, and about what agencies ask for."""
