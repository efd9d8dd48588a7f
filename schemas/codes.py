"""The codes of the findings: each mistake a spec can hold has one, and it never changes its meaning."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """The thing it stands in cannot be used."""
    WARNING = "warning"
    """It can be used, but probably says what nobody meant."""
    NOTE = "note"
    """Nothing to mend where it stands: what follows from a mistake shown elsewhere, or is good to know."""


class Code(StrEnum):
    """D1xx: what is written. D2xx: what is named. D3xx: dates."""

    UNREADABLE = "D100"
    NOT_UTF8 = "D101"
    UNKNOWN_KEY = "D102"
    SYNTAX = "D103"
    TAB = "D104"
    KEY_TWICE = "D105"
    MISSING_KEY = "D106"
    WRONG_KIND = "D107"
    NOT_A_CHOICE = "D108"
    NOT_WRITTEN_SO = "D109"
    CONTRADICTION = "D110"
    ASSUMED_UNKNOWN = "D111"
    WHAT_FILE = "D112"
    EMPTY_FILE = "D113"
    SEVERAL_DOCUMENTS = "D114"
    TOO_BIG = "D115"
    TAG = "D116"
    DECOMPOSED = "D117"
    INVISIBLE = "D118"
    VERSION = "D119"
    OUT_OF_RANGE = "D120"
    ANCHOR = "D121"
    NO_COLUMN = "D122"
    COLUMN_NOT_READ = "D123"
    BLANK = "D124"
    NOT_READ = "D125"
    HASH_IN_VALUE = "D126"
    NO_WORKBOOK = "D127"
    NOT_A_VALUE = "D128"

    ID_TWICE = "D201"
    NO_AGENCY = "D202"
    NO_FORM = "D203"
    NO_REGIME = "D204"
    NO_CALENDAR = "D205"
    NO_ESCALATION = "D206"
    NO_TASK = "D207"
    NO_PLAN = "D208"
    NO_SUPERIOR_TASK = "D209"
    GROUP_NOT_AGENCY = "D210"
    HIERARCHY_LOOP = "D211"
    TASK_LOOP = "D212"
    PLAN_LOOP = "D213"
    GROUP_LOOP = "D214"
    NO_MAILBOX = "D215"
    NO_SUCH_FIELD = "D216"
    UNFILLED_FIELD = "D217"
    LEFT_OUT = "D218"
    FIELD_TYPES_DIFFER = "D219"
    NEVER_LANDS = "D220"
    NOT_AN_OWNER = "D221"
    NOT_VALID_THEN = "D222"
    NO_TIME_ZONE = "D223"
    SUCCESSOR_LOOP = "D224"
    NO_SUCCESSOR = "D225"
    NOBODY_OWES = "D226"
    SELECTS_NOBODY = "D227"
    PUBLIC_DOMAIN = "D228"
    SAME_MAILBOX = "D229"
    NAMED_TWICE = "D230"
    NO_DEFAULTS = "D231"
    FORM_UNUSED = "D232"
    LANDS_TWICE = "D233"
    LADDER_WITHOUT_SUPERIOR = "D234"
    WAITS_FOR_NOTHING = "D235"
    DEFAULTS_UNUSED = "D236"

    NO_DATE = "D300"
    DUE_BEFORE_CUT_OFF = "D301"
    DUE_AFTER_SUPERIOR = "D302"
    REMINDER_TOO_EARLY = "D303"
    OUTSIDE_PERIOD = "D304"
    YEAR_NEEDED = "D305"
    YEAR_NOT_WANTED = "D306"
    DAY_OF_YEAR_TOO_RARE = "D307"
    CUT_OFF_AFTER_ITSELF = "D308"
    LADDER_ORDER = "D309"
    BEFORE_WHAT_IT_NEEDS = "D310"
    NO_PERIODS = "D311"
    PERIODS_UNUSED = "D312"
    NOTHING_TO_COUNT_FROM = "D313"
    CLOSES_AFTER_SUPERIOR = "D314"
    NEVER_OWED = "D315"
    DUE_ON_DAY_OFF = "D316"
    DUE_OF_TASK_ALONE = "D317"
    HARDLY_MEANT = "D318"
    OTHER_WORDS = "D319"
    PERIODS_OVERLAP = "D320"
    ASKED_BEFORE_PERIOD = "D321"

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        if self in _NOTES:
            return Severity.NOTE
        return Severity.WARNING if self in _WARNINGS else Severity.ERROR


_NOTES = frozenset({Code.LEFT_OUT, Code.DUE_ON_DAY_OFF, Code.DUE_OF_TASK_ALONE})
_WARNINGS = frozenset(
    {
        Code.DECOMPOSED,
        Code.INVISIBLE,
        Code.COLUMN_NOT_READ,
        Code.BLANK,
        Code.NOT_READ,
        Code.UNFILLED_FIELD,
        Code.FIELD_TYPES_DIFFER,
        Code.NEVER_LANDS,
        Code.NOT_AN_OWNER,
        Code.NOT_VALID_THEN,
        Code.NO_SUCCESSOR,
        Code.NOBODY_OWES,
        Code.PUBLIC_DOMAIN,
        Code.SAME_MAILBOX,
        Code.NAMED_TWICE,
        Code.NO_DATE,
        Code.REMINDER_TOO_EARLY,
        Code.OUTSIDE_PERIOD,
        Code.LADDER_ORDER,
        Code.BEFORE_WHAT_IT_NEEDS,
        Code.PERIODS_UNUSED,
        Code.CLOSES_AFTER_SUPERIOR,
        Code.FORM_UNUSED,
        Code.HASH_IN_VALUE,
        Code.LADDER_WITHOUT_SUPERIOR,
        Code.WAITS_FOR_NOTHING,
        Code.DEFAULTS_UNUSED,
        Code.NEVER_OWED,
        Code.HARDLY_MEANT,
        Code.OTHER_WORDS,
        Code.PERIODS_OVERLAP,
        Code.ASKED_BEFORE_PERIOD,
    }
)
