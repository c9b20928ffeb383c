"""What a file must be before it is kept."""

import zipfile
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation

from cms.domain.files import KINDS, TooLarge, WrongContent, check_upload


def archive(*names: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as found:
        for name in names:
            found.writestr(name, "x")
    return made.getvalue()


RIGHT = {
    "pdf": b"%PDF-1.7\n",
    "docx": archive("[Content_Types].xml", "word/document.xml"),
    "xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": archive("[Content_Types].xml", "ppt/presentation.xml"),
    "zip": archive("任何.txt"),
    "txt": "先看台账。".encode("gb18030"),
    "csv": "姓名,天数\n安娜,50\n".encode("utf-8-sig"),
    "vtt": "\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\n你好\n".encode(),
    "mp3": b"ID3\x03" + bytes(32),
    "m4a": b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42" + bytes(16),
    "mp4": b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(16),
    "webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"
    + bytes(16),
}
# A zip is what the three office files are too, and words are also words in another file of words.
ALIKE = {("zip", name) for name in ("docx", "xlsx", "pptx")} | {
    (one, other) for one in ("txt", "csv") for other in ("txt", "csv", "vtt")
}
ALIKE |= {("m4a", "mp4")}


def check(name: str, content: bytes, *, most: int = 1000, most_recorded: int = 5000) -> None:
    check_upload(ContentFile(content, name=name), document_bytes=most, recording_bytes=most_recorded)


def is_taken(extension: str, content: bytes) -> bool:
    try:
        check(f"a.{extension.upper()}", content)
    except WrongContent:
        return False
    return True


def test_there_is_an_example_of_every_kind_and_settings_name_the_same() -> None:
    assert set(RIGHT) == set(KINDS) == set(settings.WAGTAILDOCS_EXTENSIONS)


def test_a_file_is_taken_under_its_own_extension_alone() -> None:
    taken = {(name, other) for name in KINDS for other, content in RIGHT.items() if is_taken(name, content)}

    assert taken == {(name, name) for name in KINDS} | ALIKE


@pytest.mark.parametrize("content", [b"", b"<html>", b"MZ\x90\0", b"PK\x03\x04 torn", bytes(100)])
def test_what_is_none_of_them_is_taken_as_words_at_most(content: bytes) -> None:
    assert {name for name in KINDS if is_taken(name, content)} <= {"txt", "csv"}


@pytest.mark.parametrize(("name", "size", "taken"), [("pdf", 1000, True), ("pdf", 1001, False), ("mp3", 5000, True)])
def test_recordings_may_be_larger_than_documents(name: str, size: int, taken: bool) -> None:
    content = RIGHT[name].ljust(size, b"\0")

    if taken:
        check(f"a.{name}", content)
    else:
        with pytest.raises(TooLarge):
            check(f"a.{name}", content)


def test_a_refusal_says_what_is_wrong_in_both_languages() -> None:
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language), pytest.raises(TooLarge) as refused:
            check("a.pdf", RIGHT["pdf"], most=0)
        said.append(str(refused.value))

    assert said == [
        "文件太大：.pdf 文件不能超过 0 MB。",
        "This file is too large: a .pdf file may have up to 0 MB.",
    ]
