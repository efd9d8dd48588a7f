"""One fault of the models in words: which text is told, where the mark stands, and what was meant."""

from __future__ import annotations

import re

from schemas import hints
from schemas.faults import CONTRADICTIONS, Fault
from schemas.findings import Argument, Code, Finding, Place
from schemas.model import DirectoryFile, Due, LibraryFile, PlanFile, SpecModel
from schemas.names import as_id, meant
from schemas.shapes import keys_at, thing_at
from schemas.texts.glosses import KEYS, WORDS
from schemas.tree import Node, Path, Source, Tree

_WRITTEN = {"day", "no_such_day", "span", "annual_day", "month"}
_KINDS = {
    "string_type": "text",
    "list_type": "list",
    "dict_type": "mapping",
    "model_type": "mapping",
    "bool_type": "true-false",
    "bool_parsing": "true-false",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_from_float": "whole",
    "float_type": "number",
    "float_parsing": "number",
    "mapping_or_word": "mapping-or-word",
    "number_or_word": "number-or-word",
}
_LIMITS = {"le": "above", "lt": "above", "ge": "below", "gt": "below"}
_NAMES_AGENCY = frozenset(
    {
        "lead",
        "coordinating",
        "via",
        "to",
        "issuer",
        "coordinator",
        "agency",
        "superior",
        "successor",
        "members",
        "under",
    }
)
"""Keys whose values are ids of agencies or groups."""
_HOLDERS = frozenset({"plan", "report", "due", "period", "valid", "office_hours"})
"""Keys below which other keys stand that are easily written one level too far out."""
_LONGEST = 200
"""Of a value that is looked at for what was meant; a longer one is no slip of the pen."""
_BULLET = re.compile(r"^\W*([–—−•·●▪*+]|-(?=\S))\s*")
_QUOTES = re.compile("[“”„‟«»]")


def finding(source: Source, model: type[SpecModel], fault: Fault) -> Finding:
    """What is said about `fault` in a file that is to hold a `model`."""
    return _Telling(source, model, fault).told()


class _Telling:
    """Puts one fault into words."""

    def __init__(self, source: Source, model: type[SpecModel], fault: Fault) -> None:
        self.source = source
        self.model = model
        self.fault = fault
        path = fault.path
        name = str(path[-1]) if path and isinstance(path[-1], str) else ""
        self.args: dict[str, Argument] = {
            "where": thing_at(source.root, path),
            "key": fault.key or name,
            "given": shown(fault.value),
        }
        self.name = name

    def told(self) -> Finding:
        fault = self.fault
        if fault.type == "extra_forbidden":
            return self._unknown_key()
        if fault.type == "missing":
            return self._missing()
        if fault.type == "assumed_unknown":
            return self._assumed_unknown()
        if fault.type in CONTRADICTIONS:
            self.args |= {key: str(value) for key, value in fault.context.items()}
            return self._say(Code.CONTRADICTION, self._contradicting(), fault.type.replace("_", "-"))
        if fault.type in _WRITTEN:
            return self._written(fault.type.replace("_", "-"))
        if fault.type in ("string_pattern_mismatch", "string_too_long"):
            return self._written(self._pattern_variant())
        return self._value()

    def _value(self) -> Finding:
        fault = self.fault
        if fault.type in ("string_too_short", "too_short") or fault.value is None:
            return self._say(Code.WRONG_KIND, fault.path, "comment" if self._is_hidden() else "empty")
        if fault.type in ("enum", "literal_error"):
            return self._not_a_choice()
        limits = [key for key in fault.context if key in _LIMITS]
        if limits:
            self.args["limit"] = str(fault.context[limits[0]])
            variant = (
                "last" if self.name == "cut_off_day" and limits[0] in ("le", "lt") else _LIMITS[limits[0]]
            )
            return self._say(Code.OUT_OF_RANGE, fault.path, variant, of_value=True)
        variant, guess = self._wrong_kind(_KINDS.get(fault.type, ""))
        return self._say(Code.WRONG_KIND, fault.path, variant, of_value=True, guess=guess)

    def _wrong_kind(self, variant: str) -> tuple[str, str | None]:
        """Which text tells that a value is of another kind than `variant`, and a guess."""
        value = self.fault.value
        self.args["word"] = word = str(self.fault.context.get("word", ""))
        if variant in ("whole", "number") and isinstance(value, str) and value[:1].isdigit():
            self.args["given"] = f'"{shown(value)}"'
        if variant == "text" and isinstance(value, list | dict):
            return "one", None
        if variant == "true-false":
            return variant, meant(str(value), ("true", "false"), WORDS)
        if variant == "list":
            return self._no_list(value), None
        if variant != "mapping":
            return variant, meant(shown(value), (word,), WORDS) if word else None
        text = str(value)[:_LONGEST]
        self.args["known"] = keys = keys_at(self.model, self.fault.path)
        if keys != tuple(Due.model_fields):
            guess = hints.period(text) if self.name == "period" else None
            return variant if keys else "own-keys", guess
        if hints.is_day_of_month(text):
            return "due-often", None
        of_cut_off = self.name == "cut_off"
        return "cut-off" if of_cut_off else "due", hints.due(text, of_cut_off=of_cut_off)

    def _no_list(self, value: Tree) -> str:
        """Which text tells that a list is needed: of mappings, a dash or all of it is missing."""
        keys = keys_at(self.model, (*self.fault.path, 0))
        if not keys or self.name in _NAMES_AGENCY:
            return "list"
        self.args["first"] = keys[0]
        return "dash" if isinstance(value, dict) else "list-of-keys"

    def _is_hidden(self) -> bool:
        """Whether what was meant as the value is a comment: it begins with #."""
        return re.search(r":\s+#", self.source.key_place(self.fault.path).text) is not None

    def _missing(self) -> Finding:
        """A key that is missing; at the top of a file, it may stand below another by its indentation."""
        elsewhere = _find(self.source, str(self.fault.key)) if self.fault.path == () else None
        variant = "elsewhere" if elsewhere is not None else ""
        path = self.fault.path
        return Finding(
            code=Code.MISSING_KEY,
            place=elsewhere or self.source.key_place(path),
            variant=variant,
            args=self.args,
        )

    def _unknown_key(self) -> Finding:
        key, above = str(self.fault.key), self.fault.path[:-1]
        known = keys_at(self.model, above)
        self.args |= {"where": thing_at(self.source.root, above), "known": known}
        variant, guess = self._misplaced(key, above, known)
        if not variant and guess is None:
            guess = meant(key, known, KEYS)
        return self._say(Code.UNKNOWN_KEY, self.fault.path, variant, guess=guess)

    def _misplaced(self, key: str, above: Path, known: tuple[str, ...]) -> tuple[str, str | None]:
        """Which text tells that the key is one that belongs elsewhere, or no key at all; and a guess."""
        if not above and any(key in kind.model_fields for kind in (PlanFile, DirectoryFile, LibraryFile)):
            return "other-file", None
        start, colon, rest = key.partition(":")
        if colon and start in known:
            return "no-space", f"{start}: {rest}"
        bare = _BULLET.sub("", key)
        if bare != key and bare in known:
            return "bullet", f"- {bare}"
        for under in known:
            if under in _HOLDERS and key in keys_at(self.model, (*above, under)):
                self.args["under"] = under
                return "deeper", None
        if (
            self.fault.value is None
            and (" " in key or _QUOTES.search(key))
            and meant(key, known, KEYS) is None
        ):
            return "comma", None
        return "", None

    def _assumed_unknown(self) -> Finding:
        key = str(self.fault.context["key"])
        self.args["key"] = key
        guess = meant(key, keys_at(self.model, self.fault.path), KEYS)
        return self._say(Code.ASSUMED_UNKNOWN, (*self.fault.path, "assumed", key), guess=guess)

    def _not_a_choice(self) -> Finding:
        fault = self.fault
        if self.name == "dondoc":
            variant = "quoted" if fault.value == "1" else ""
            return self._say(Code.VERSION, fault.path, variant, of_value=True)
        self.args["known"] = fault.words
        guess = meant(str(fault.value), fault.words, WORDS) if isinstance(fault.value, str) else None
        return self._say(Code.NOT_A_CHOICE, fault.path, of_value=True, guess=guess)

    def _written(self, variant: str) -> Finding:
        text = str(self.fault.value)[:_LONGEST]
        annual = self.name in ("before", "by")
        guess: str | None = None
        if variant in ("day", "no-such-day"):
            if variant == "day" and annual:
                variant = "day-often" if self._is_often() else "day-of-due"
            guess = hints.day(text, annual=annual)
        elif variant == "month":
            guess = hints.month(text)
        elif variant == "span":
            guess = hints.span(text)
        elif variant == "clock":
            guess = hints.clock(text)
        elif variant == "mailbox":
            guess = hints.mailbox(text)
        elif variant == "id":
            variant = "agency-id" if self._names_agency() else variant
            guess = as_id(text) if variant == "id" else None  # who is meant is known when all files are read
        about_value = not self.fault.about_key
        return self._say(Code.NOT_WRITTEN_SO, self.fault.path, variant, of_value=about_value, guess=guess)

    def _is_often(self) -> bool:
        """Whether the value tells a day of every month or quarter, or one for each."""
        return isinstance(self.fault.value, list) or hints.is_day_of_month(str(self.fault.value)[:_LONGEST])

    def _names_agency(self) -> bool:
        steps = [step for step in self.fault.path if isinstance(step, str)]
        return bool(steps) and steps[-1] in _NAMES_AGENCY

    def _pattern_variant(self) -> str:
        if "domains" in self.fault.path:
            return "domain"
        if self.fault.path[-1:] == ("notify",):
            return "channel"
        pattern = str(self.fault.context.get("pattern", ""))
        if self.fault.type == "string_too_long" or "[a-z0-9]" in pattern:
            return "id"
        if "@" in pattern:
            return "mailbox"
        if "[cC][sS][vV]" in pattern:
            return "table"
        return "clock" if ":" in pattern else "country"

    def _contradicting(self) -> Path:
        """The mapping that contradicts itself; of two fields with one id, the second."""
        path, root = self.fault.path, self.source.root
        if self.fault.type != "field_twice" or root is None:
            return path
        node = root
        for step in (*path, "fields"):
            node = node.items[step]
        name = self.fault.context["id"]
        same = [
            n for n, one in node.items.items() if isinstance(one.value, dict) and one.value.get("id") == name
        ]
        return (*path, "fields", same[1], "id") if len(same) > 1 else path

    def _say(
        self, code: Code, path: Path, variant: str = "", *, of_value: bool = False, guess: str | None = None
    ) -> Finding:
        place = self.source.value_place(path) if of_value else self.source.key_place(path)
        return Finding(code=code, place=place, variant=variant, args=self.args, guess=guess)


def _find(source: Source, key: str) -> Place | None:
    """Where `key` stands below the top of a file, not deeper than a mistaken indentation brings it."""
    waiting: list[tuple[Node, int]] = [(source.root, 0)] if source.root is not None else []
    while waiting:
        node, depth = waiting.pop(0)
        if depth and key in node.keys and isinstance(node.value, dict):
            return source.place(node.keys[key])
        if depth < 2:
            waiting += [(one, depth + 1) for one in node.items.values()]
    return None


def shown(value: Tree) -> str:
    """A value in a message: short, and as YAML writes it."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
