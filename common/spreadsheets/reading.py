"""Reading the tables people bring: XLSX, XLS, ODS or text. The content decides, not the name of the file."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from common.archives import (
    ENCRYPTED_PACKAGE,
    OLE_START,
    ZIP_START,
    ArchiveEncrypted,
    ArchiveRefused,
    ArchiveTooLarge,
    check_archive,
)
from common.chinese import strip_controls
from common.spreadsheets import calamine_child, text_tables
from common.spreadsheets.refusals import (
    ArchiveBomb,
    EmptyFile,
    EncryptedFile,
    FileTooLarge,
    NotATable,
    TooManyCells,
    UnreadableSpreadsheet,
)

__all__ = ["Limits", "Sheet", "UnreadableSpreadsheet", "read_rows"]

_REFUSAL_OF_STATUS: dict[int, type[UnreadableSpreadsheet]] = {
    calamine_child.ENCRYPTED: EncryptedFile,
    calamine_child.NOT_A_TABLE: NotATable,
    calamine_child.TOO_MANY_CELLS: TooManyCells,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is refused beyond. ``rows`` counts each sheet, ``cells`` the whole file, ``memory_bytes`` the reader's."""

    file_bytes: int = 20 * 1024 * 1024
    unpacked_bytes: int = 300 * 1024 * 1024
    members: int = 5_000
    rows: int = 100_000
    cells: int = 2_000_000
    memory_bytes: int = 1024 * 1024 * 1024
    seconds: int = 30


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``rows[n]`` is the row a person sees as n + 1; empty cells at its end and empty rows at the end of the
    sheet are left out."""

    name: str
    rows: list[list[str]]
    hidden: bool = False


def read_rows(content: bytes, *, limits: Limits = Limits()) -> list[Sheet]:
    """The sheets of the file, all cells as text.

    Whole numbers lose their ``.0``, dates become ISO 8601, an empty cell is ``""``, spaces around a text are removed.
    A number that a spreadsheet has already rounded (an 18-digit identity number) stays in scientific notation. Text
    files give one sheet without a name. Macros are never run; only values are read. Raises one of the subclasses of
    :class:`UnreadableSpreadsheet`, whatever the bytes are.
    """
    if len(content) > limits.file_bytes:
        raise FileTooLarge
    if not content.strip(b"\x00 \t\r\n"):
        raise EmptyFile
    if content.startswith(ZIP_START):
        _check_archive(content, limits)
        sheets = _read_in_child(content, limits)
    elif content.startswith(OLE_START):
        if ENCRYPTED_PACKAGE in content:
            raise EncryptedFile
        sheets = _read_in_child(content, limits)
    else:
        sheets = [_read_text(content, limits)]
    if not any(sheet.rows for sheet in sheets):
        raise EmptyFile
    return sheets


def _check_archive(content: bytes, limits: Limits) -> None:
    """The limits of the reading process hold if the archive lies about its members."""
    try:
        check_archive(content, members=limits.members, unpacked_bytes=limits.unpacked_bytes)
    except ArchiveEncrypted as refusal:
        raise EncryptedFile from refusal
    except ArchiveTooLarge as refusal:
        raise ArchiveBomb from refusal
    except ArchiveRefused as refusal:
        raise NotATable from refusal


def _read_in_child(content: bytes, limits: Limits) -> list[Sheet]:
    program = Path(calamine_child.__file__)
    arguments = [limits.rows, limits.cells, limits.memory_bytes, limits.seconds]
    try:
        child = subprocess.run(  # noqa: S603  # our own program, numbers as arguments
            [sys.executable, "-I", str(program), *map(str, arguments)],
            input=content,
            capture_output=True,
            timeout=limits.seconds * 2,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooManyCells from error
    if child.returncode:
        raise _refusal(child.returncode, child.stderr)
    return [_sheet(**each) for each in json.loads(child.stdout)]


def _refusal(status: int, complaint: bytes) -> UnreadableSpreadsheet:
    if status in _REFUSAL_OF_STATUS:
        return _REFUSAL_OF_STATUS[status]()
    # A panic of the reader on nonsense is exit status 1; a signal means that it ran into its limits.
    return TooManyCells() if status < 0 or b"MemoryError" in complaint else NotATable()


def _read_text(content: bytes, limits: Limits) -> Sheet:
    rows = text_tables.parse(text_tables.decode(content))
    try:
        return _sheet(name="", rows=calamine_child.collect(rows, limits.rows, limits.cells))
    except OverflowError as error:
        raise TooManyCells from error


def _sheet(name: str, rows: list[list[str]], *, hidden: bool = False) -> Sheet:
    cleaned = ([strip_controls(cell) for cell in row] for row in rows)
    return Sheet(strip_controls(name), calamine_child.collect(cleaned, sys.maxsize, sys.maxsize), hidden)
