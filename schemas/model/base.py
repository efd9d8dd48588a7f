"""The ground all words of the language stand on: strict, frozen models with ids and reasons."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

LANGUAGE_VERSION: Final = 1

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""A name for references: lower-case letters without accents, digits and hyphens, such as `phong-vhtt`."""

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    Field(json_schema_extra={"pattern": r"\S"}),
]
"""A text for people, not empty."""


class Language(StrEnum):
    """A language that people are written to in."""

    VI = "vi"
    EN = "en"


class SpecModel(BaseModel):
    """A mapping of the language: unknown keys are refused, values never change after reading."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        # a model is made ready when it is first needed: `check` needs a third of them
        defer_build=True,
        populate_by_name=True,
        str_strip_whitespace=True,
    )
    # the sentence under a key is its description in the published schemas; schemas.publish takes it from the
    # source, for pydantic's `use_attribute_docstrings` would read every source again at each start


class Sourced(SpecModel):
    """A mapping that may say which of its keys its source document leaves open."""

    assumed: dict[str, Text] = Field(default_factory=dict)
    """Keys of this mapping that the source text does not state, each with the reason for the value chosen.
    Những khóa mà văn bản gốc không nêu, kèm lý do chọn giá trị."""

    source: Text | None = None
    """Where in the source document this stands, such as "III.4". Vị trí trong văn bản gốc."""

    @model_validator(mode="after")
    def _assumes_own_keys(self) -> Self:
        known = {field.alias or name for name, field in type(self).model_fields.items()}
        for key in self.assumed:
            if key not in known:
                raise PydanticCustomError(
                    "assumed_unknown", 'assumed: "{key}" is not a key of this mapping', {"key": key}
                )
        return self


def words(value: object) -> Any:
    """A YAML scalar as the text it was written as: whole numbers where a text is expected, such as `2024`."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
