"""The `dondoc` command: thin, each subcommand loading only the rooms it needs."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command. Exit status: 0 done, 1 something was found wrong, 2 the command was used wrongly, 3
    something would change (`plan --exit-code`).

    What an operator can mend is told in one line; anything else is a fault of dondoc and shows its trace.
    """
    from flows.cli.commands import app
    from flows.cli.failure import told

    try:
        status = app(prog_name="dondoc", standalone_mode=False)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as exc:
        found = told(exc)
        if found is None:
            raise
        sys.stdout.flush()
        sys.stderr.write(f"{found.line}\n")
        sys.exit(found.status)
    sys.exit(status or 0)
