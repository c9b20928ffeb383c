"""Which of the interchange formats is it, and who reads it? The content decides, never the name of the file."""

from collections.abc import Callable, Mapping
from itertools import islice

from question_bank.domain.importing import aiken, gift, moodle, qti
from question_bank.domain.importing.character_sets import decode_exactly
from question_bank.domain.importing.drafts import QuestionFile
from question_bank.domain.importing.findings import NotTaken
from question_bank.domain.importing.gift_blocks import CATEGORY, blocks, take_apart
from question_bank.domain.importing.packages import SIGNATURE, Package
from question_bank.domain.importing.refusals import UnreadableQuestionFile
from question_bank.domain.importing.xml_input import root_name

QTI = "qti"
READERS: Mapping[str, Callable[[bytes], QuestionFile]] = {
    gift.FORMAT: gift.read_gift,
    aiken.FORMAT: aiken.read_aiken,
    moodle.FORMAT: moodle.read_moodle,
    QTI: qti.read_qti,
}
_SNIFFED_BYTES = 256 * 1024
_SNIFFED_BLOCKS = 200
_ROOTS = {"quiz": moodle.FORMAT, "assessmentItem": QTI, "qti-assessment-item": QTI, "questestinterop": QTI}


def sniff(content: bytes) -> str | None:
    """The key of its reader in ``READERS``; ``None`` for everything else, also for what is damaged. Never raises."""
    if content.startswith(SIGNATURE):
        return QTI if _is_package(content) else None
    try:
        text = _beginning(content)
    except UnreadableQuestionFile:
        return None
    if text.lstrip("\ufeff \t\n").startswith("<"):
        return _ROOTS.get(root_name(text))
    if _is_aiken(text):
        return aiken.FORMAT
    return gift.FORMAT if _is_gift(text) else None


def _is_package(content: bytes) -> bool:
    try:
        return bool(qti.manifest_of(Package(content).names))
    except UnreadableQuestionFile:
        return False


def _beginning(content: bytes) -> str:
    """The first lines. They end with a whole line, so that no character is cut."""
    head = content[:_SNIFFED_BYTES]
    if len(content) > len(head):
        head = head[: head.rfind(b"\n") + 1] or head[:-1]
    return decode_exactly(head).replace("\r\n", "\n").replace("\r", "\n")


def _is_aiken(text: str) -> bool:
    lines = [line.strip() for line in text.split("\n")]
    return any(map(aiken.ANSWER.fullmatch, lines)) and any(map(aiken.OPTION.fullmatch, lines))


def _is_gift(text: str) -> bool:
    """Is there a category, or text with braces behind it that hold answers?"""
    for block in islice(blocks(text), _SNIFFED_BLOCKS):
        if block.category is not None:
            return text.startswith(CATEGORY) or f"\n{CATEGORY}" in text
        if block.text[:1] in {"{", "["} and not block.text.startswith(gift.TEXT_FORMATS):
            continue
        # Without empty lines between them they are refused, but told what they lack.
        if _asks(block.text) or any(map(_asks, block.text.split("\n"))):
            return True
    return False


def _asks(text: str) -> bool:
    try:
        return gift.looks_like_gift(take_apart(text))
    except NotTaken:
        return False
