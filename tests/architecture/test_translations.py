"""Source strings are English; the Chinese catalogue is complete."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import django
import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

APPS = ("members", "cms", "question_bank", "exams", "courses", "performance", "common", "config")
CATALOGUES = sorted(settings.BASE_DIR.glob("*/locale/zh_Hans/LC_MESSAGES/django.po")) + sorted(
    settings.BASE_DIR.glob("locale*/zh_Hans/LC_MESSAGES/django.po")
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]")
# Which argument is the text, and which its context.
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"), (0, None)),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"), (1, 0)),
}
_TEXT = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL_IN_TEMPLATE = re.compile(rf"\b(?:_|n?p?gettext)\(\s*{_TEXT}(?:\s*,\s*(?:{_TEXT}|\w+))*\s*\)", re.S)

# Our words for these replace those of Wagtail and Django on their own pages too, and are as good there.
SAID_THERE_TOO = frozenset({
    "Account", "Active", "Code", "Document", "Download CSV", "Download XLSX", "English", "Field", "Sessions",
    "Started at", "Text", "Used by", "content", "email address", "requested by", "session", "sessions", "started at",
})  # fmt: skip

Message = tuple[str, str]  # context, text


def messages_in(source: str) -> Iterator[Message]:
    """The translatable strings of a piece of Python."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            text, context = CALLS[node.func.id]
            if words := _word(node, text):
                yield (_word(node, context) if context is not None else ""), words


def _word(call: ast.Call, place: int) -> str:
    value = call.args[place] if len(call.args) > place else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def template_messages(text: str) -> Iterator[Message]:
    """The translatable strings of a template, of which Django makes calls between what it blanks out."""
    for call in CALL_IN_TEMPLATE.findall(templatize(text)):
        yield from messages_in(" ".join(call.splitlines()))


def used() -> dict[Message, str]:
    """Every translatable string of ours, with a place where it is used."""
    found: dict[Message, str] = {}
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" not in path.parts:
                found |= dict.fromkeys(messages_in(path.read_text("utf-8")), str(path.relative_to(settings.BASE_DIR)))
    rooms = (settings.BASE_DIR / app / room for app in APPS for room in ("templates", "jinja2"))
    for room in (settings.BASE_DIR / "templates", *rooms):
        for path in sorted(room.rglob("*.html")):
            found |= dict.fromkeys(template_messages(path.read_text("utf-8")), str(path.relative_to(settings.BASE_DIR)))
    return found


def translated() -> set[Message]:
    return {
        (entry.msgctxt or "", entry.msgid)
        for path in CATALOGUES
        for entry in polib.pofile(str(path))
        if entry.translated() and not entry.obsolete
    }


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def said(entry: polib.POEntry) -> str:
    """What the pages say: all catalogues are one to Django, and of two translations of a text one wins everywhere."""
    with translation.override("zh-hans"):
        if entry.msgid_plural and entry.msgctxt:
            return translation.npgettext(entry.msgctxt, entry.msgid, entry.msgid_plural, 2)
        if entry.msgid_plural:
            return translation.ngettext(entry.msgid, entry.msgid_plural, 2)
        if entry.msgctxt:
            return translation.pgettext(entry.msgctxt, entry.msgid)
        return translation.gettext(entry.msgid)


def outvoted(catalogue: polib.POFile) -> dict[Message, tuple[list[str], str]]:
    """Its messages of which the pages say another text, with both."""
    return {
        (entry.msgctxt or "", entry.msgid): (texts(entry), said(entry))
        for entry in catalogue
        if not entry.obsolete and texts(entry) != [said(entry)]
    }


def their_words() -> dict[str, set[str]]:
    """What Django, Wagtail and the rest would say for a text without context."""
    rooms = [Path(app.path) / "locale" for app in apps.get_app_configs() if app.name not in APPS]
    found: dict[str, set[str]] = {}
    for room in (*rooms, Path(django.__file__).parent / "conf" / "locale"):
        if (path := room / "zh_Hans" / "LC_MESSAGES" / "django.mo").exists():
            for entry in polib.mofile(str(path)):
                if not entry.msgctxt:
                    found.setdefault(entry.msgid, set()).update(texts(entry))
    return found


def replaced(catalogue: polib.POFile) -> set[str]:
    """The texts without context of which it makes other words than the packages would."""
    theirs = their_words()
    plain = [entry for entry in catalogue if not entry.msgctxt and not entry.obsolete and entry.msgid in theirs]
    return {entry.msgid for entry in plain if theirs[entry.msgid].isdisjoint(texts(entry))}


def place(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("path", CATALOGUES, ids=place)
def test_every_entry_is_translated_and_none_is_doubtful(path: Path) -> None:
    catalogue = polib.pofile(str(path))

    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=place)
def test_a_translation_keeps_the_placeholders_of_its_source(path: Path) -> None:
    wrong = []
    for entry in polib.pofile(str(path)):
        sources = {*PLACEHOLDER.findall(entry.msgid), *PLACEHOLDER.findall(entry.msgid_plural)}
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            if text and "%" in entry.msgid and not set(PLACEHOLDER.findall(text)) <= sources:
                wrong.append(entry.msgid)
            if text and not entry.msgid_plural and set(PLACEHOLDER.findall(text)) != sources:
                wrong.append(entry.msgid)

    assert wrong == []


def test_every_string_of_the_product_has_its_chinese() -> None:
    known = translated()

    assert {text: where for text, where in used().items() if text not in known} == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=place)
def test_the_pages_say_what_the_catalogue_says(path: Path) -> None:
    assert outvoted(polib.pofile(str(path))) == {}


@pytest.mark.parametrize("path", [path for path in CATALOGUES if "locale_wagtail" not in path.parts], ids=place)
def test_no_word_of_ours_without_context_changes_pages_of_wagtail(path: Path) -> None:
    assert replaced(polib.pofile(str(path))) - SAID_THERE_TOO == set()


def test_there_are_strings_to_check() -> None:
    assert len(used()) > 400
    assert len(CATALOGUES) >= 5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{% load i18n %}{% translate "Hand in" %}', [("", "Hand in")]),
        ("{% load i18n %}{% trans 'Go on' as x %}", [("", "Go on")]),
        ('{% load i18n %}{% translate "May" context "month" %}', [("month", "May")]),
        ("{% load i18n %}{% blocktranslate %}Hello {{ name }}!{% endblocktranslate %}", [("", "Hello %(name)s!")]),
        (
            "{% load i18n %}<p>{% blocktranslate count n=n trimmed %}\n  {{ n }} day\n{% plural %}\n  {{ n }} days\n"
            "{% endblocktranslate %}</p>",
            [("", "%(n)s day")],
        ),
        ('{% load i18n %}<p>it\'s {{ x|default:_("none") }}</p>', [("", "none")]),
    ],
)
def test_control_strings_of_templates_are_found(text: str, found: list[Message]) -> None:
    assert list(template_messages(text)) == found


def test_control_strings_of_python_are_found() -> None:
    source = 'x = _("One"), ngettext("%d day", "%d days", 2), pgettext("month", "May"), _("a" "b")\n'

    assert list(messages_in(source)) == [("", "One"), ("", "%d day"), ("month", "May"), ("", "ab")]


@pytest.mark.parametrize(
    ("entry", "said_instead"),
    [
        (polib.POEntry(msgid="Questions", msgstr="题量"), "试题"),
        (polib.POEntry(msgctxt="how many", msgid="Questions", msgstr="试题"), "题量"),
        (
            polib.POEntry(
                msgid="%(n)s draft", msgid_plural="%(n)s drafts", msgctxt="in review", msgstr_plural={0: "稿"}
            ),
            "%(n)s 份草稿",
        ),
    ],
)
def test_control_a_text_that_the_pages_do_not_say_is_found(entry: polib.POEntry, said_instead: str) -> None:
    catalogue = polib.POFile()
    catalogue.append(entry)

    assert list(outvoted(catalogue).values()) == [(texts(entry), said_instead)]


def test_control_a_word_that_wagtail_says_otherwise_is_found() -> None:
    catalogue = polib.POFile()
    catalogue += [
        polib.POEntry(msgid="title", msgstr="名称"),
        polib.POEntry(msgctxt="exam", msgid="title", msgstr="名称"),
        polib.POEntry(msgid="Hand in", msgstr="交卷"),
        polib.POEntry(msgid="Image", msgstr="图片"),
    ]

    assert replaced(catalogue) == {"title"}
