"""Text in one of Moodle's formats as plain text."""

import re

from django.utils.translation import gettext as _

from common.markup import PictureLink, plain_text
from question_bank.domain.importing.findings import FORMATTING, MARKDOWN, Findings, NotTaken, clean

_TAG = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|span|div|sub|sup|img|ul|ol|li|table|tr|td|th|a|font|h[1-6])"
    r"(?:\s++[a-z-]++\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'))*+\s*+/?>",
    re.IGNORECASE,
)


def to_plain(text: str, text_format: str, findings: Findings) -> tuple[str, list[PictureLink]]:
    """The text and the pictures in it. Formats are ``html``, ``plain``, ``markdown``; all others are Moodle's own.

    Moodle's own format is plain text in which tags work, so it is HTML when it holds one. Raises ``NotTaken`` for
    formulas and other things that no text can stand for.
    """
    if text_format == "markdown":
        findings.lose(MARKDOWN)
    elif text_format == "html":
        return _from_html(text, findings)
    elif text_format != "plain" and "<" in text and _TAG.search(text):
        return _from_html(text.replace("\n", "<br>"), findings)
    return clean(text), []


def _from_html(html: str, findings: Findings) -> tuple[str, list[PictureLink]]:
    found = plain_text(html)
    refuse_unreadable(found.unreadable)
    if found.has_lost:
        findings.lose(FORMATTING)
    return clean(found.text), found.pictures


def refuse_unreadable(element: str) -> None:
    if element:
        reason = _("The text holds something that cannot become plain text (%(element)s).")
        raise NotTaken(reason % {"element": element})
