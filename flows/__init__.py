"""What runs: the engine, its ledger, its Prefect rooms and the `dondoc` command."""
