"""A package that could fill the memory or lead out of itself is not opened."""

import struct
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from question_bank.domain.importing.packages import Package
from question_bank.domain.importing.refusals import (
    DamagedArchive,
    EncryptedArchive,
    OversizedArchive,
    UnsafeArchive,
)


def zipped(*members, method=ZIP_DEFLATED):
    stream = BytesIO()
    with ZipFile(stream, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["../a.xml", "a/../../b.xml", "/etc/passwd", "C:/a.xml", "//host/a", "a\\b.xml"])
def test_a_path_that_leads_out_is_refused(name):
    member = ZipInfo("x")
    member.filename = name

    with pytest.raises(UnsafeArchive):
        Package(zipped((member, "x")))


def test_a_symbolic_link_is_refused():
    link = ZipInfo("a.xml")
    link.external_attr = 0o120777 << 16

    with pytest.raises(UnsafeArchive):
        Package(zipped((link, "/etc/passwd")))


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(OversizedArchive):
        Package(zipped(("a.xml", b"0" * (15 * 1024 * 1024))))


def test_too_many_members_are_refused_before_they_are_listed():
    with pytest.raises(OversizedArchive):
        Package(b"PK\x03\x04" + b"PK\x01\x02" * 60_001)


def test_a_locked_package_is_refused():
    content = bytearray(zipped(("a.xml", "x")))
    listed = content.index(b"PK\x01\x02")
    struct.pack_into("<H", content, listed + 8, 1)

    with pytest.raises(EncryptedArchive):
        Package(bytes(content))


def test_other_compressions_are_refused():
    with pytest.raises(DamagedArchive):
        Package(zipped(("a.xml", "x" * 100), method=ZIP_BZIP2))


def test_two_members_of_one_name_are_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped(("a.xml", "1"), ("a.xml", "2"))

    with pytest.raises(DamagedArchive):
        Package(content)


def test_a_member_that_was_damaged_is_refused_when_it_is_read():
    whole = bytearray(zipped(("a.xml", "something to be damaged")))
    whole[40] ^= 0xFF

    with pytest.raises(DamagedArchive):
        Package(bytes(whole)).read("a.xml")


def test_addresses_are_resolved_inside_the_package():
    package = Package(zipped(("a.xml", "x")))

    found = [
        package.resolve("items/a.xml", address) for address in ("b.png", "../c%20d.png?x#y", "./../../e", "x:y", "")
    ]

    assert found == ["items/b.png", "c d.png", "", "", ""]
