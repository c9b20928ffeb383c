"""Opening a ZIP package from a stranger: nothing is unpacked that could fill the memory or lead out of the package."""

import posixpath
import re
import stat
import zlib
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from question_bank.domain.importing.refusals import (
    DamagedArchive,
    EncryptedArchive,
    OversizedArchive,
    UnsafeArchive,
)

SIGNATURE = b"PK\x03\x04"
_LISTED = b"PK\x01\x02"
MOST_MEMBERS = 60_000
MOST_UNPACKED_BYTES = 200 * 1024 * 1024
MOST_MEMBER_BYTES = 20 * 1024 * 1024
# Items of one kind compress some thirty times; only what is also large is suspicious.
_HIGHEST_RATIO = 200
_SMALL_BYTES = 10 * 1024 * 1024
_ENCRYPTED = 0x1
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


class Package:
    """The members of a package by their path. Refuses to open what is damaged, locked, too large or points outside."""

    def __init__(self, content: bytes) -> None:
        if content.count(_LISTED) > MOST_MEMBERS:
            # Before the list of members is read, which alone could fill the memory.
            raise OversizedArchive
        try:
            self._archive = ZipFile(BytesIO(content))
        except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError, IndexError) as error:
            raise DamagedArchive from error
        members = self._archive.infolist()
        _check_sizes(members, len(content))
        for member in members:
            _check(member)
        self._members = {member.filename: member for member in members if not member.is_dir()}
        if len(self._members) != sum(not member.is_dir() for member in members):
            raise DamagedArchive

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def read(self, name: str) -> bytes | None:
        """The content of that member; ``None`` where there is none."""
        member = self._members.get(name)
        if member is None:
            return None
        try:
            return self._archive.read(member)
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError) as error:
            raise DamagedArchive from error

    def resolve(self, base: str, address: str) -> str:
        """The path of what ``address`` means in the file ``base``; empty where it lies outside of the package."""
        path = unquote(address.partition("#")[0].partition("?")[0])
        if not path or _ELSEWHERE.match(path) or "\\" in path or "\0" in path:
            return ""
        exact = posixpath.normpath(posixpath.join(posixpath.dirname(base), path)).lstrip("/")
        return "" if exact.split("/")[0] == ".." else exact


def _check_sizes(members: list[ZipInfo], packed: int) -> None:
    unpacked = sum(member.file_size for member in members)
    is_dense = unpacked > _SMALL_BYTES and unpacked > _HIGHEST_RATIO * packed
    too_large = any(member.file_size > MOST_MEMBER_BYTES for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED_BYTES or is_dense or too_large:
        raise OversizedArchive


def _check(member: ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise EncryptedArchive
    name = member.orig_filename.rstrip("\0")
    leads_out = name.startswith("/") or _ELSEWHERE.match(name) or ".." in name.split("/") or "\\" in name
    if leads_out or "\0" in name or stat.S_ISLNK(member.external_attr >> 16):
        raise UnsafeArchive(name=name[:80])
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise DamagedArchive
