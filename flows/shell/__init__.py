"""A pass around the core: load, decide, commit, act, record."""
