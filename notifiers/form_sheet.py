"""Where things stand in the workbook that goes out with a request, for whoever writes it or reads it back."""

from __future__ import annotations

MARK = "dondoc-form"
"""In `MARK_CELL`: the sheet is a form of ours, of the layout described here."""
MARK_CELL = "A1"
TOKEN_CELL = "A2"  # noqa: S105 - a place
"""The token of the request that the form belongs to, such as "r12": a hint, for it is not signed."""

ID_COLUMN = 1
"""Hidden and locked: the id of the field that its row asks for; empty in all other rows."""
NUMBER_COLUMN = 2
LABEL_COLUMN = 3
UNIT_COLUMN = 4
ANSWER_COLUMN = 5
"""What the agency fills in; the only cells that are not locked."""
HINT_COLUMN = 6

HEADING_ROW = 7
FIRST_FIELD_ROW = 8
