"""The strict policy blocks inline script and style, so no template of ours may hold any."""

import re
from pathlib import Path

import pytest
from django.conf import settings

FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")", re.I),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "handler in an attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "script as an address": re.compile(r"javascript:", re.I),
    "somebody else's server": re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.I),
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape\s+off"),
}
APPS = ("members", "cms", "question_bank", "exams", "courses", "performance")
ROOMS = ("templates", *(f"{app}/{room}" for app in APPS for room in ("templates", "jinja2")))


def templates() -> list[Path]:
    return sorted(path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.html"))


def faults(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_there_are_templates_to_check() -> None:
    assert len(templates()) > 20


def test_no_template_holds_what_the_policy_blocks() -> None:
    found = {str(path.relative_to(settings.BASE_DIR)): faults(path.read_text("utf-8")) for path in templates()}

    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<script>alert(1)</script>", "inline script"),
        ('<script type="module">x</script>', "inline script"),
        ('<p style="color: red">', "inline style"),
        ("<style>p {}</style>", "inline style"),
        ('<button type="button" onclick="x()">', "handler in an attribute"),
        ('<a href="javascript:x()">', "script as an address"),
        ('<script src="https://cdn.example/x.js"></script>', "somebody else's server"),
        ('<img src="//cdn.example/x.png">', "somebody else's server"),
        ("{{ text|safe }}", "unescaped output"),
        ("{% autoescape off %}", "unescaped output"),
    ],
)
def test_control_each_fault_is_found(text: str, name: str) -> None:
    assert faults(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        '<script type="module" src="/static/js/exam.js"></script>',
        '<script type="application/json" id="words">{}</script>',
        '<button data-on="click" class="one">once</button>',
        '<a href="/exams/">',
    ],
)
def test_control_what_is_allowed_passes(text: str) -> None:
    assert faults(text) == []
