"""Specs on their way into the ledger: what would change, and the change carried out."""
