"""The demonstration library: two handbooks, lectures and notices, read from the files under ``cms/demo/``.

A ``[[lecture]]`` has questions to think about after its body; a ``[[notice]]`` an audience: the whole county or the
name of a township. Bodies are Markdown.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from cms.domain.importing import read_body, read_markdown, shelve
from cms.domain.importing.shelving import add_page
from cms.domain.shelves import Shelves, ensure_shelves
from cms.models import AudienceRule, BasePage, HandbookPage, LecturePage, NoticePage
from members.models import Division

FOLDER = Path(__file__).resolve().parent.parent / "demo"
HANDBOOKS = ("handbook-know.md", "handbook-100.md")
EVERYBODY = "全县"


class Loaded(NamedTuple):
    """What a load brought in."""

    handbooks: int
    lectures: int
    notices: int


@transaction.atomic
def load_demo_knowledge(*, at: datetime) -> Loaded:
    """Bring in and publish what is missing; what has the same title is there already and is left as it is.

    The townships that notices are addressed to must be there: ``load_demo_county`` comes first.
    """
    shelves = ensure_shelves()
    return Loaded(
        sum(_add_handbook(name, at=at) for name in HANDBOOKS),
        sum(_add_lecture(shelves, lecture) for lecture in _read("lectures.toml", "lecture")),
        sum(_add_notice(shelves, notice) for notice in _read("notices.toml", "notice")),
    )


def _read(name: str, kind: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))[kind]
    return found


def _add_handbook(name: str, *, at: datetime) -> bool:
    book = read_markdown((FOLDER / name).read_text(encoding="utf-8"))
    missing = not HandbookPage.objects.filter(title=book.title).exists()
    if missing:
        shelve(book, by=None, at=at, publish=True)
    return missing


def _add_lecture(shelves: Shelves, lecture: Mapping[str, Any]) -> bool:
    page = LecturePage(
        **_common(lecture, questions=lecture["questions"]),
        speaker=lecture["speaker"],
        held_on=lecture["date"],
        minutes=lecture["minutes"],
        summary=lecture["summary"],
    )
    return _add_once(shelves.lectures, page)


def _add_notice(shelves: Shelves, notice: Mapping[str, Any]) -> bool:
    page = NoticePage(**_common(notice), issue=notice["number"], issued_on=notice["date"])
    if notice["audience"] != EVERYBODY:
        page.audience_rules = [AudienceRule(division=Division.objects.get(name=notice["audience"]))]
    return _add_once(shelves.notices, page)


def _common(text: Mapping[str, Any], *, questions: Sequence[str] = ()) -> dict[str, Any]:
    body = _body(text, questions=questions)
    return {"title": text["title"], "slug": f"{text['date']:%Y-%m-%d}", "basis": text["basis"], "body": body}


def _add_once(shelf: BasePage, page: LecturePage | NoticePage) -> bool:
    if type(page).objects.filter(title=page.title).exists():
        return False
    add_page(shelf, page, by=None, publish=True)
    return True


def _body(text: Mapping[str, Any], *, questions: Sequence[str]) -> Any:
    blocks, problems = read_body(text["body"])
    if problems:
        raise ValueError(f"{text['title']}: {problems}")
    return [*blocks, *({"type": "question", "value": question} for question in questions)]
