"""Pure decisions: facts and a time in, actions and the next time to look out."""
