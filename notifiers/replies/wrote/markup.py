"""HTML becomes lines that know how deep they are quoted: containers are found before text is made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notifiers.replies.mime.decoding import writable
from notifiers.replies.wrote.unseen import is_unseen

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

# characters that no text has, put around a container before the text is made and found again in it
_OPEN, _CLOSE, _REST, _EMPTY, _CELL = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_NOT_OURS = re.compile("[\x00\x0b\x0c\ue000-\ue004]")
_MAX_HTML = 400_000
_MAX_NESTING = 150

_CONTAINERS = re.compile(
    r"blockquote|gmail_quote|divrplyfwdmsg|outlookmessageheader|zwchr|yahoo_quoted|moz-cite-prefix|"
    r"reference-message|appendonsend|mail-editor-reference|border-top:\s?solid\s#?(?:e1e1e1|b5c4df)"
)
"""Held against markup in small letters: what begins with a letter as it stands is found far faster."""
_REST_IDS = frozenset(
    ("divrplyfwdmsg", "zwchr", "outlookmessageheader", "mail-editor-reference-message-container")
)
_REST_CLASSES = frozenset(("outlookmessageheader", "yahoo_quoted", "moz-forward-container"))
_SIGNATURE = re.compile(
    r"(?:x_)*(?:gmail_signature|moz-signature|signature|appleMailSignature|ms-outlook-mobile-signature|"
    r"yahoo-signature|ydp\w{1,20}signature|mail-signature|zimbra-signature|outlook-signature)",
    re.IGNORECASE,
)
_SIGNATURE_MARK = "-- "
_SIGNATURE_SAID = re.compile(rf"(?:class|id|data-smartmail)=[\"']?{_SIGNATURE.pattern}", re.IGNORECASE)
_OUTLOOK_RULE = re.compile(r"border:\s?none;\s?border-top:\s?solid\s#?(?:E1E1E1|B5C4DF)", re.IGNORECASE)
_CLOSE_SET = re.compile(r"MsoNormal|MsoPlainText|\bmargin(?:-bottom)?:\s?0", re.IGNORECASE)
_NOT_READ = frozenset(("script", "style", "head", "title", "template", "noscript", "object", "svg"))
_WRAPPERS = frozenset(("p", "div", "span", "b", "strong", "font", "em", "i"))
_CELLS = re.compile(f" ?{_CELL} ?")
_BLANKS = re.compile(r"[ \t\xa0\u2000-\u200b\u202f\u2060-\u2064\u3000\ufeff]+")


def has_quote(html: str) -> bool:
    """Whether the markup itself says where a quote is; cheap."""
    return _CONTAINERS.search(html.lower()) is not None


def has_table(html: str) -> bool:
    """Whether the sender's own part has a table of figures, whose rows a plain form takes apart; cheap."""
    quote = _CONTAINERS.search(html.lower())
    own = html[: quote.start()] if quote else html
    return own.count("<td") >= 4 and own.count("<tr") >= 2


def has_signature(html: str) -> bool:
    """Whether the markup itself says where the signature is; cheap."""
    return "signature" in html.lower() and _SIGNATURE_SAID.search(html) is not None


def read(html: str) -> list[tuple[int, str]] | None:
    """The text as lines with the depth at which they are quoted; None when it cannot be read as HTML."""
    from inscriptis.html_engine import Inscriptis  # type: ignore[import-untyped]
    from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]
    from lxml.etree import LxmlError  # type: ignore[import-untyped]
    from lxml.html import HTMLParser, document_fromstring

    # control characters stop the parser, and our own marks must be ours
    clean = _NOT_OURS.sub(" ", html[:_MAX_HTML])
    try:
        # octets with a fixed charset: text with a charset of its own declared in it is refused by the parser
        tree = document_fromstring(
            clean.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8", huge_tree=True)
        )
        if _nesting(tree) > _MAX_NESTING:
            return _flat(tree)
        _mark(tree)
        text = Inscriptis(tree, ParserConfig(display_links=False, display_images=False)).get_text()
    except (LxmlError, ValueError, TypeError, RecursionError, IndexError, KeyError, AttributeError):
        return None
    return _lines(writable(text))


def _mark(tree: HtmlElement) -> None:
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.lower()
        if tag == "p" and _CLOSE_SET.search(f"{element.get('class') or ''} {element.get('style') or ''}"):
            # a paragraph without a gap is a line to whoever reads it
            element.tag = tag = "div"
            if not element.text_content().strip():
                element.text = _EMPTY
        if tag in _NOT_READ or is_unseen(element):
            element.drop_tree() if element.getparent() is not None and tag != "head" else element.clear()
        elif tag == "blockquote":
            _surround(element, _OPEN, _CLOSE)
        elif _starts_rest(element):
            _surround(element, _REST, "")
        else:
            _mark_place(element, tag)


def _mark_place(element: HtmlElement, tag: str) -> None:
    """Mark where a table's cell, a signature or a drawn line begins."""
    if tag in ("td", "th") and element.getprevious() is not None and element.find(".//table") is None:
        inner = element
        while len(inner) and not (inner.text or "").strip() and inner[0].tag in _WRAPPERS:
            inner = inner[0]
        inner.text = f"{_CELL}{inner.text or ''}"
    elif _is_signature(element):
        _surround(element, _SIGNATURE_MARK, "")
    elif tag == "hr":
        element.tag, element.text = "div", "_" * 20


def _starts_rest(element: HtmlElement) -> bool:
    """Whether all that follows is an earlier mail, as Outlook and Zimbra write it."""
    name = (element.get("id") or "").lower().removeprefix("x_")
    classes = {one.lower().removeprefix("x_") for one in (element.get("class") or "").split()}
    return (
        name in _REST_IDS
        or bool(classes & _REST_CLASSES)
        or _OUTLOOK_RULE.search(element.get("style") or "") is not None
    )


def _is_signature(element: HtmlElement) -> bool:
    """Whether a program put the signature in this container; an empty one says nothing."""
    names = (
        element.get("id") or "",
        element.get("data-smartmail") or "",
        *(element.get("class") or "").split(),
    )
    return any(_SIGNATURE.fullmatch(name) for name in names) and bool(element.text_content().strip())


def _surround(element: HtmlElement, before: str, after: str) -> None:
    """Put marks on lines of their own around the element's content."""
    from lxml.html import Element

    if element.tag in ("hr", "br"):
        mark = Element("div")
        mark.text = before
        element.addprevious(mark)
        return
    first = Element("div")
    first.text = before
    first.tail, element.text = element.text, None
    element.insert(0, first)
    if after:
        last = Element("div")
        last.text = after
        element.append(last)


def _lines(text: str) -> list[tuple[int, str]]:
    lines: list[tuple[int, str]] = []
    depth = rest = 0
    for raw in text.split("\n"):
        line = raw
        if _REST in line:
            rest, line = 1, line.replace(_REST, "")
            if not line.strip():
                continue
        opened, closed = line.count(_OPEN), line.count(_CLOSE)
        if opened or closed:
            depth += opened
            line = line.replace(_OPEN, "").replace(_CLOSE, "")
        if line.strip() or not (opened or closed):
            clean = _BLANKS.sub(" ", line.replace(_EMPTY, "")).strip(" ")
            lines.append((depth + rest, _CELLS.sub("\t", clean).rstrip()))
        depth = max(0, depth - closed)
    return lines


def _nesting(tree: HtmlElement) -> int:
    """How deep the elements lie in each other, without recursion."""
    deepest = 0
    level = [tree]
    while level and deepest <= _MAX_NESTING:
        deepest += 1
        level = [child for element in level for child in element]
    return deepest


def _flat(tree: HtmlElement) -> list[tuple[int, str]]:
    text = writable("\n".join(str(one).strip() for one in tree.itertext() if str(one).strip()))
    return [(0, _BLANKS.sub(" ", line)) for line in text.split("\n")]
