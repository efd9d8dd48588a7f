"""Mail that comes in: what it is, what a person wrote in it, and the values of the report it carries."""

from notifiers.replies.folding import fold
from notifiers.replies.mentions import Mentions, mentions, other_period, same_period
from notifiers.replies.mime.files import files
from notifiers.replies.sameness import said
from notifiers.replies.says.choices import Choice, Named, read_choice
from notifiers.replies.says.courtesy import is_courtesy
from notifiers.replies.says.verdicts import Verdict, read_verdict
from notifiers.replies.understanding import understand
from notifiers.replies.understood import Attachment, Bounce, Line, LinePart, ReplyKind, Understood
from notifiers.replies.values.reading import Reading, read_values
from notifiers.replies.values.shares import Shares, Wanted, own_part, shares

__all__ = [
    "Attachment",
    "Bounce",
    "Choice",
    "Line",
    "LinePart",
    "Mentions",
    "Named",
    "Reading",
    "ReplyKind",
    "Shares",
    "Understood",
    "Verdict",
    "Wanted",
    "files",
    "fold",
    "is_courtesy",
    "mentions",
    "other_period",
    "own_part",
    "read_choice",
    "read_values",
    "read_verdict",
    "said",
    "same_period",
    "shares",
    "understand",
]
