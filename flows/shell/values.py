"""Values on their way into the ledger and back: JSON keeps no dates, the form knows which they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flows.core.rollup import Value, fields_of
from schemas.model import FieldType, Form


def to_json(values: Mapping[str, Value]) -> dict[str, Any]:
    """The values as JSON can hold them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def from_json(form: Form | None, stored: Mapping[str, Any]) -> dict[str, Value]:
    """The values again, typed by the form; what the form no longer asks for is left out."""
    typed: dict[str, Value] = {}
    for field in fields_of(form):
        if field.id in stored:
            value = stored[field.id]
            is_date = field.type is FieldType.DATE and isinstance(value, str)
            typed[field.id] = date.fromisoformat(value) if is_date else value
    return typed
