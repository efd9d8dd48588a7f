"""What the artifacts of a run hold, as plain values: Prefect is not needed to say it."""

from __future__ import annotations

import json

from flows.runs.words import say
from flows.shell.showing.view import CycleView, Sheet


def contents(view: CycleView) -> tuple[tuple[str, str, float | str], ...]:
    """Of each artifact its kind, its type as Prefect calls it, and its data."""
    return (
        ("sheet", "table", json.dumps(_rows(view.sheet), ensure_ascii=False)),
        ("progress", "progress", round(view.progress, 1)),
        ("result", "markdown", view.result or say("empty")),
    )


def _rows(sheet: Sheet) -> list[dict[str, str]]:
    return [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
