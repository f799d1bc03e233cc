"""HTML pages and mails: the text of their blocks, without tags, hidden parts and tracking pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from lxml import etree

from ingest.readers.tables import Table, find_tables
from kg.lines import BREAK, INLINE, mask

# fmt: off
_DROPPED = frozenset((
    "script", "style", "head", "template", "svg", "iframe", "object", "embed", "applet", "select", "textarea",
    "audio", "video", "canvas", "map", "math", "dialog",
))
# fmt: on
# fmt: off
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "html", "li", "main",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    "caption",
))
# fmt: on
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)|"
    r"max-height\s*:\s*0(?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_TINY = re.compile(r"font-size\s*:\s*[01](?:px|pt)?\s*(?:;|!|$)", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")


@dataclass
class Page:
    """What was read of a page."""

    text: str
    title: str = ""
    date: str = ""  # as the page's own data have it
    publisher: str = ""


@dataclass
class _Writer:
    """Gathers the text of the blocks in order."""

    rules: bool = False  # keep <hr> as a line ---
    out: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    bold: int = 0  # open bold elements
    thin: bool = False  # some text of the block is not bold
    heading: int = 0
    quotes: int = 0
    lists: list[str] = field(default_factory=list)
    items: list[bool] = field(default_factory=list)  # open list items: is the bullet still to come?
    pre: int = 0

    def text(self, text: str | None) -> None:
        if not text:
            return
        self.words.append(text if self.pre else _SPACE.sub(" ", text))
        if text.strip() and not self.bold:
            self.thin = True

    def flush(self) -> None:
        """End the block, if there is text in it."""
        lines = (
            ["".join(self.words)]
            if self.pre
            else _SPACE.sub(" ", "".join(self.words).replace("\n", "\x00")).split("\x00")
        )
        lines = [line.rstrip() if self.pre else line.strip() for line in lines]
        text = "\n".join(line for line in lines if line).strip("\n")
        thin, self.words, self.thin = self.thin, [], False
        if text.strip():
            self.block(text, bold=not thin)

    def block(self, text: str, *, bold: bool = False) -> None:
        """Write a block with what shows its place: a bullet, a quote mark, empty lines above a heading."""
        gap = "\n\n"
        pending = bool(self.items and self.items[-1])
        title = bold and not self.items and "\n" not in text and len(text) <= 120 and text[-1] not in ",;"
        if self.heading or title:
            gap = "\n\n\n\n" if self.heading in (1, 2) else "\n\n\n"
        prefix = "> " * min(self.quotes, 8)
        if self.items:
            prefix += "  " * (min(len(self.items), 8) - 1) + ("• " if pending else "  ")
            self.items[-1] = False
        self.out.append((gap if self.out else "") + "\n".join(prefix + line for line in text.split("\n")))

    def rows(self, table: Table) -> None:
        """Write a data table: a line for each row, a rule below the header."""
        lines = [" | ".join(row) for row in table.texts()]
        if table.header and len(lines) > 1:
            lines.insert(1, " | ".join("---" for _ in table.rows[0]))
        if any(line.strip(" |") for line in lines):
            self.out.append(("\n\n" if self.out else "") + "\n".join(lines))


def read_page(html: str, *, rules: bool = False) -> Page:
    """Return the text of a page's blocks, two line ends between them; `rules` keeps <hr> as a line ---."""
    parser = etree.HTMLParser(encoding="utf-8", recover=True, huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    if root is None or any("depth" in (entry.message or "").lower() for entry in parser.error_log):
        return Page(_bare(html))  # nested deeper than the parser goes: the text alone
    page = _about(root)
    _drop_hidden(root)
    writer = _Writer(rules)
    _walk(root, writer, find_tables(root))
    writer.flush()
    page.text = "".join(writer.out)
    return page


def _bare(html: str) -> str:
    """Return the text between the tags, an empty line where a block ends."""
    shown = mask(html).replace(INLINE, "")
    text = re.sub(rf"[\s{BREAK}]+", lambda gap: "\n\n" if BREAK in gap[0] else gap[0], shown)
    return re.sub(r"[ \t\xa0]+", " ", unescape(text)).strip()


def _about(root: etree._Element) -> Page:
    """Return what the page says of itself."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        found.setdefault(name, _SPACE.sub(" ", meta.get("content") or "").strip())
    title = next((_SPACE.sub(" ", "".join(t.itertext())).strip() for t in root.iter("title")), "")
    head = next((_SPACE.sub(" ", "".join(t.itertext())).strip() for t in root.iter("h1")), "")
    date = found.get("article:published_time") or found.get("datepublished") or found.get("date") or ""
    return Page("", found.get("og:title") or title or head, date, found.get("og:site_name") or "")


def _drop_hidden(root: etree._Element) -> None:
    """Remove what nobody sees: scripts, styles, hidden elements, tracking pixels."""
    for element in [e for e in root.iter("*") if e is not root and _unseen(e)]:
        parent, before = element.getparent(), element.getprevious()
        if parent is None:
            continue
        if element.tail and before is not None:
            before.tail = (before.tail or "") + element.tail
        elif element.tail:
            parent.text = (parent.text or "") + element.tail
        element.tail = None
        parent.remove(element)


def _unseen(element: etree._Element) -> bool:
    tag, style = element.tag, element.get("style") or ""
    if tag in _DROPPED or element.get("hidden") is not None:
        return True
    if tag == "img":
        sizes = [element.get("width", ""), element.get("height", "")]
        return any(size.strip() in ("0", "1", "0px", "1px") for size in sizes) or bool(_HIDDEN.search(style))
    if tag == "input":
        return True
    return bool(style) and bool(_HIDDEN.search(style) or (len(element) == 0 and _TINY.search(style)))


def _walk(root: etree._Element, writer: _Writer, tables: dict[etree._Element, Table]) -> None:
    """Go through the tree without recursion: ten thousand levels are no trouble."""
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if skipped is not None:
            if event == "end" and element is skipped:
                skipped = None
                writer.text(element.tail)
            continue
        tag = element.tag if isinstance(element.tag, str) else ""
        table = tables.get(element)
        if event == "start" and table is not None and table.is_data():
            writer.flush()
            writer.rows(table)
            skipped = element
        elif event == "start":
            _open(element, tag, writer)
            writer.text(element.text)
        else:
            _close(element, tag, writer)
            writer.text(element.tail if element is not root else None)


def _open(element: etree._Element, tag: str, writer: _Writer) -> None:
    if tag in _BLOCKS or tag == "hr":
        writer.flush()
    if tag == "br":
        writer.words.append("\n")
    elif tag == "hr" and writer.rules:
        writer.out.append("\n\n---")
    elif tag == "img":
        alt = _SPACE.sub(" ", element.get("alt") or "").strip()
        if len(alt) > 2:
            writer.flush()
            writer.out.append(("\n\n" if writer.out else "") + f"[image: {alt.replace(']', ')')}]")
    elif tag == "li":
        writer.items.append(True)
    elif tag == "blockquote":
        writer.quotes += 1
    elif tag == "pre":
        writer.pre += 1
    elif re.fullmatch("h[1-6]", tag):
        writer.heading = int(tag[1])
    if tag in ("b", "strong") or _BOLD.search(element.get("style") or ""):
        writer.bold += 1


def _close(element: etree._Element, tag: str, writer: _Writer) -> None:
    if tag in _BLOCKS:
        writer.flush()
    if tag == "li" and writer.items:
        writer.items.pop()
    elif tag == "blockquote":
        writer.quotes -= 1
    elif tag == "pre":
        writer.pre -= 1
    elif re.fullmatch("h[1-6]", tag):
        writer.heading = 0
    if tag in ("b", "strong") or _BOLD.search(element.get("style") or ""):
        writer.bold -= 1
