"""Looking at an archive before anything of it is unpacked."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal

ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Office programs hide an encrypted document in a container of their old format under this name.
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")

_FLAG_ENCRYPTED = 0x1
# Ordinary documents compress up to some fifty times; only what is also large is suspicious.
_HIGHEST_RATIO = 250
_SMALL_BYTES = 10 * 1024 * 1024


class ArchiveRefused(Refusal):
    """The archive is not opened. ``code`` is stable."""

    code = "damaged_archive"
    status = 422
    message = _("This file is damaged. Save it again and bring it again.")

    def __init__(self) -> None:
        super().__init__(self.message)


class ArchiveEncrypted(ArchiveRefused):
    code = "encrypted_archive"
    message = _("This file is protected by a password. Remove the password and bring it again.")


class ArchiveTooLarge(ArchiveRefused):
    code = "oversized_archive"
    message = _("This file unpacks to far more than it should, so it was not opened.")


class ArchiveEscapes(ArchiveRefused):
    code = "unsafe_archive"
    message = _("This file holds a part that points outside of it, so it was not opened.")


def check_archive(
    content: bytes, *, members: int = 5_000, unpacked_bytes: int = 300 * 1024 * 1024
) -> Sequence[ZipInfo]:
    """What the archive says about its members. Whoever unpacks one still stops at a limit of its own: it may lie.

    Refuses with a subclass of :class:`ArchiveRefused`: damaged, encrypted, more than it should hold, or with names that
    lead out of a folder.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            found = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise ArchiveRefused from error
    if any(member.flag_bits & _FLAG_ENCRYPTED for member in found):
        raise ArchiveEncrypted
    unpacked = sum(member.file_size for member in found)
    is_dense = unpacked > _SMALL_BYTES and unpacked > _HIGHEST_RATIO * len(content)
    if len(found) > members or unpacked > unpacked_bytes or is_dense:
        raise ArchiveTooLarge
    if not all(_stays_inside(member.filename) for member in found):
        raise ArchiveEscapes
    return found


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts and ":" not in name[:2]
