"""The ledger: all that happened, in a database of our own; the truth that Prefect's runs only show."""
