"""The Prefect rooms: what a plan looks like as a flow, and what makes its runs go, sleep and wake."""
