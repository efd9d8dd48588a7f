"""Mail that comes in: what it is, what a person wrote in it, and the values of the report it carries."""

from notifiers.replies.courtesy import is_courtesy
from notifiers.replies.reading import Reading, read_values
from notifiers.replies.understanding import understand
from notifiers.replies.understood import Attachment, Bounce, Line, LinePart, ReplyKind, Understood

__all__ = [
    "Attachment",
    "Bounce",
    "Line",
    "LinePart",
    "Reading",
    "ReplyKind",
    "Understood",
    "is_courtesy",
    "read_values",
    "understand",
]
