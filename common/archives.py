"""Looking at what a ZIP archive says about itself before anything in it is unpacked."""

from enum import StrEnum
from io import BytesIO
from zipfile import BadZipFile, ZipFile

ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Office programs hide an encrypted document in a container of their old format under this name.
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")

_FLAG_ENCRYPTED = 0x1
# Ordinary documents compress up to some fifty times; only what is also large is suspicious.
_HIGHEST_RATIO = 250
_SMALL_BYTES = 10 * 1024 * 1024


class ArchiveFault(StrEnum):
    """Why an archive is not opened."""

    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    BOMB = "bomb"


def archive_fault(content: bytes, *, unpacked_bytes: int, members: int) -> ArchiveFault | None:
    """What speaks against opening the archive: broken, encrypted, or more than so many bytes or members in it.

    It may lie about its sizes: whoever unpacks it must not read further than it says (``zipfile`` does not).
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            found = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return ArchiveFault.BROKEN
    if any(member.flag_bits & _FLAG_ENCRYPTED for member in found):
        return ArchiveFault.ENCRYPTED
    unpacked = sum(member.file_size for member in found)
    is_dense = unpacked > _SMALL_BYTES and unpacked > _HIGHEST_RATIO * len(content)
    return ArchiveFault.BOMB if len(found) > members or unpacked > unpacked_bytes or is_dense else None
