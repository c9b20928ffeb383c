"""Questions as a QTI package: the manifest, an item each, and the pictures."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from urllib.parse import quote
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from question_bank.domain.exporting import written
from question_bank.domain.exporting.qti_dialects import Dialect
from question_bank.domain.exporting.qti_item import item_xml
from question_bank.domain.exporting.written import WrittenFile
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.importing.notes import Note, note_of
from question_bank.domain.importing.qti import MANIFEST
from question_bank.domain.importing.qti_item import truth_of
from question_bank.enums import Kind

_HELD = frozenset({"options", "blanks", "anchored", "options_in_order", "marking_guide", "key"})
_IDENTIFIER = re.compile(r"(?!Q\d{5}$)[A-Za-z_][A-Za-z0-9_.-]{0,59}")
# The same questions give the same bytes.
_DAY_ONE = (1980, 1, 1, 0, 0, 0)


def write_package(drafts: Iterable[QuestionDraft], dialect: Dialect) -> WrittenFile:
    """The same drafts come out of ``read_qti``."""
    stream, resources, losses = BytesIO(), list[str](), dict[object, None]()
    with ZipFile(stream, "w") as archive:
        for number, draft in enumerate(drafts, 1):
            resources.append(_write_item(archive, draft, number, dialect))
            losses |= dict.fromkeys(_losses(draft))
        _write(archive, MANIFEST, _manifest(resources, dialect).encode())
    return WrittenFile(stream.getvalue(), list(losses))  # type: ignore[arg-type]  # ordered without repeats


def _losses(draft: QuestionDraft) -> Iterator[object]:
    if written.has_notes(draft):
        yield written.NOTES
    if draft.topic:
        yield written.TOPICS
    if written.is_in_any_order(draft):
        yield written.ANY_ORDER


def _write_item(archive: ZipFile, draft: QuestionDraft, number: int, dialect: Dialect) -> str:
    """Writes item and pictures, and returns how the manifest lists them."""
    identifier = draft.key if _IDENTIFIER.fullmatch(draft.key) else f"Q{number:05}"
    note = note_of(draft, held=_HELD, besides=_besides(draft, identifier))
    # By number: identifiers may differ in case alone, which some file systems do not tell apart.
    folder, path = f"images/{number:05}", f"items/{number:05}.xml"
    addresses = [f"../{folder}/{quote(image.name)}" for image in draft.images]
    document = item_xml(draft, dialect, identifier=identifier, note=note, pictures=addresses)
    _write(archive, path, document.encode())
    for image in draft.images:
        _write(archive, f"{folder}/{image.name}", image.content, method=ZIP_STORED)
    hrefs = [path, *(f"{folder}/{quote(image.name)}" for image in draft.images)]
    files = "".join(f"<file href={quoteattr(href)}/>" for href in hrefs)
    return (
        f'<resource identifier="R{number:05}" type="{dialect.resource_type}" href={quoteattr(path)}>'
        f"{files}</resource>\n"
    )


def _besides(draft: QuestionDraft, identifier: str) -> Note:
    said: Note = {} if identifier == draft.key else {"key": draft.key}
    right = [option.is_right for option in draft.options]
    if draft.kind == Kind.SINGLE and truth_of([option.text for option in draft.options], right) is not None:
        said["kind"] = str(Kind.SINGLE)
    return said


def _manifest(resources: list[str], dialect: Dialect) -> str:
    schema, version = dialect.schema
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest xmlns="{dialect.manifest_namespace}" identifier="questions">'
        f"<metadata><schema>{schema}</schema><schemaversion>{version}</schemaversion></metadata><organizations/>\n"
        f"<resources>\n{''.join(resources)}</resources></manifest>\n"
    )


def _write(archive: ZipFile, name: str, content: bytes, *, method: int = ZIP_DEFLATED) -> None:
    member = ZipInfo(name, _DAY_ONE)
    member.compress_type, member.external_attr = method, 0o644 << 16
    archive.writestr(member, content)
