"""QTI 2.1, 2.2 and 3.0: an item alone, or a package with ``imsmanifest.xml`` and pictures.

Our own exports put what an item has no room for into a comment at its beginning (see ``notes``).
"""

from django.utils.translation import gettext, gettext_lazy
from lxml import etree

from common.pictures import Picture
from question_bank.domain.importing.drafts import QuestionFile
from question_bank.domain.importing.findings import Findings, NotTaken, check_size
from question_bank.domain.importing.gift import without_repeated_keys
from question_bank.domain.importing.notes import note_beside
from question_bank.domain.importing.packages import SIGNATURE, Package
from question_bank.domain.importing.pictures import checked_image
from question_bank.domain.importing.qti_item import draft_of, no_pictures
from question_bank.domain.importing.qti_names import ITEM, children, name_of, version_of
from question_bank.domain.importing.refusals import NoQuestions, OutdatedQti, UnreadableQuestionFile
from question_bank.domain.importing.xml_input import local_name, parse

MANIFEST = "imsmanifest.xml"
IMAGES = "images/"
OUTDATED_ROOTS = {"questestinterop"}

NO_ITEM = gettext_lazy("The manifest names this file, but it is not in the package.")
NOT_AN_ITEM = gettext_lazy("This file of the package holds no question.")
TESTS = gettext_lazy("The sections, times and points of tests are not taken.")


def read_qti(content: bytes) -> QuestionFile:
    """Refuses with a subclass of ``UnreadableQuestionFile``; everything else is told question by question."""
    check_size(content)
    findings = Findings()
    if content.startswith(SIGNATURE):
        version = _read_package(Package(content), findings)
    else:
        version = _read_alone(parse(content), findings)
    findings.drafts = without_repeated_keys(findings.drafts)
    return findings.as_file(version)


def _read_alone(root: etree._Element, findings: Findings) -> str:
    if local_name(root) in OUTDATED_ROOTS:
        raise OutdatedQti
    if name_of(root) != ITEM:
        raise NoQuestions
    place = gettext("item %(name)s") % {"name": root.get("identifier") or "1"}
    try:
        draft = draft_of(root, findings, place=place, pictures=no_pictures, note=note_beside(root))
        findings.take(draft)
    except NotTaken as refusal:
        findings.refuse(place, refusal.reason, root.get("title") or "")
    return version_of(root)


def _read_package(package: Package, findings: Findings) -> str:
    version = "qti-2.1"
    place = gettext("file %(name)s")
    for path in _listed(package, findings):
        where = place % {"name": path[:120]}
        title = ""
        try:
            root = _item(package, path)
            title, version = root.get("title") or "", version_of(root)
            pictures = _PicturesOf(package, path)
            findings.take(draft_of(root, findings, place=where, pictures=pictures, note=note_beside(root)))
        except NotTaken as refusal:
            findings.refuse(where, refusal.reason, title)
    return version


def _item(package: Package, path: str) -> etree._Element:
    content = package.read(path)
    if content is None:
        raise NotTaken(NO_ITEM)
    try:
        root = parse(content)
    except UnreadableQuestionFile as refusal:
        raise NotTaken(str(refusal)) from refusal
    if name_of(root) != ITEM:
        raise NotTaken(NOT_AN_ITEM)
    return root


def _listed(package: Package, findings: Findings) -> list[str]:
    """The paths of the items, each once, in the order of the manifest.

    Refuses with ``NoQuestions`` and ``OutdatedQti``.
    """
    place = manifest_of(package.names)
    content = package.read(place)
    if content is None:
        raise NoQuestions
    is_outdated = False
    listed: list[str] = []
    for resource in children(parse(content), "resources", "resource"):
        kind = (resource.get("type") or "").lower()
        is_outdated |= kind.startswith("imsqti_xmlv1p") or "assessment/imscc" in kind
        if kind.startswith("imsqti_test"):
            findings.lose(TESTS)
        if kind.startswith("imsqti_item"):
            listed.append(package.resolve(place, resource.get("href") or ""))
    if is_outdated and not listed:
        raise OutdatedQti
    return list(dict.fromkeys(listed))


def manifest_of(names: list[str]) -> str:
    """The path of the manifest: at the top, or in the one folder that somebody packed; empty without one."""
    found = [name for name in names if name.split("/")[-1] == MANIFEST and name.count("/") <= 1]
    return min(found, key=len, default="")


class _PicturesOf:
    """The pictures of one item, each read once, however it is addressed."""

    def __init__(self, package: Package, item: str) -> None:
        self._package, self._item = package, item
        self._read: dict[str, Picture] = {}

    def __call__(self, address: str, description: str) -> Picture:
        path = self._package.resolve(self._item, address)
        if path not in self._read:
            content = self._package.read(path) if path else None
            self._read[path] = checked_image(path.rpartition("/")[2] or address, content, description)
        return self._read[path]
