"""What one row says, in types, and what is wrong with it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _

from members.domain.roster.columns import Line
from members.domain.roster.plan import Reason
from members.enums import PostingRole, StaffCategory
from members.validators import validate_division_code, validate_person_code, validate_phone

Word = TypeVar("Word")

ROLE_WORDS: Mapping[str, PostingRole] = {
    **dict.fromkeys(
        ("第一书记", "驻村第一书记", "第一书记兼队长", "第一书记兼工作队长", "第一书记、队长", "first_secretary"),
        PostingRole.FIRST_SECRETARY,
    ),
    **dict.fromkeys(
        ("工作队员", "队员", "驻村工作队员", "驻村队员", "工作队成员", "副队长", "member"), PostingRole.MEMBER
    ),
}
CATEGORY_WORDS: Mapping[str, StaffCategory] = {
    **dict.fromkeys(("公务员", "参公", "参公人员", "行政", "civil_servant"), StaffCategory.CIVIL_SERVANT),
    **dict.fromkeys(
        ("事业单位", "事业", "事业编", "事业人员", "事业单位人员", "事业单位工作人员", "institution"),
        StaffCategory.INSTITUTION,
    ),
    **dict.fromkeys(("企业", "国企", "企业人员", "国有企业", "enterprise"), StaffCategory.ENTERPRISE),
    **dict.fromkeys(("其他", "其它", "other"), StaffCategory.OTHER),
}
# How people write that there is nothing to write.
_BLANKS = frozenset({"-", "--", "—", "——", "/", "无", "暂无"})
_LENGTHS = {"name": 60, "team_name": 120, "team_code": 32, "sending_unit": 120}
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_NUMBER = re.compile(r"[2-6]\d{4}")
_DAY_ZERO = date(1899, 12, 30)  # of spreadsheet programs
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
_PHONE_SIGNS = re.compile(r"[\s\-()]|^\+?86(?=1\d{10}$)")


@dataclass(frozen=True)
class Entry:
    """One person's row, understood. ``None`` and ``""`` mean that the row does not say."""

    place: str
    code: str = ""
    name: str = ""
    phone: str = ""
    township: str = ""
    village: str = ""
    division_code: str = ""
    team_name: str = ""
    team_code: str = ""
    sending_unit: str = ""
    role: PostingRole | None = None
    staff_category: StaffCategory | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    # Whether the file has a column for the last day: an empty cell then means "still serving".
    tells_end: bool = False
    reasons: tuple[Reason, ...] = ()


def understand(line: Line) -> Entry:
    reader = _Reader(line)
    starts_on, ends_on = reader.date("starts_on"), reader.date("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        reader.object("dates_reversed", _("The last day lies before the first."))
    return Entry(
        place=line.place,
        code=reader.number("code", validate_person_code, needed=True).upper(),
        name=reader.text("name", needed=True),
        phone=reader.phone(),
        township=reader.text("township"),
        village=reader.text("village"),
        division_code=reader.number("division_code", validate_division_code),
        team_name=reader.text("team_name"),
        team_code=reader.number("team_code"),
        sending_unit=reader.text("sending_unit"),
        role=reader.word("role", ROLE_WORDS),
        staff_category=reader.word("staff_category", CATEGORY_WORDS),
        starts_on=starts_on,
        ends_on=ends_on,
        tells_end="ends_on" in line.values,
        reasons=tuple(reader.reasons),
    )


class _Reader:
    """Takes the cells of one line and notes what cannot be understood."""

    def __init__(self, line: Line) -> None:
        self.values = line.values
        self.reasons: list[Reason] = []

    def object(self, code: str, text: str) -> None:
        self.reasons.append(Reason(code, text))

    def text(self, field: str, *, needed: bool = False) -> str:
        text = " ".join(self.values.get(field, "").split())
        if text in _BLANKS:
            text = ""
        if needed and not text:
            self.object(f"missing_{field}", _MISSING[field]())
        if len(text) > _LENGTHS.get(field, 255):
            self.object("too_long", _("“%(text)s…” is too long.") % {"text": text[:20]})
        return text

    def number(self, field: str, validator: RegexValidator | None = None, *, needed: bool = False) -> str:
        """Digits and letters that name something; what a spreadsheet has rounded is refused, not guessed."""
        text = unicodedata.normalize("NFKC", self.text(field, needed=needed)).replace(" ", "")
        if whole := _WHOLE_FLOAT.fullmatch(text):
            text = whole[1]
        if _ROUNDED.fullmatch(text):
            self.object(
                "rounded_number",
                _("The spreadsheet has rounded “%(text)s”. Format the column as text and type it again.")
                % {"text": text},
            )
            return ""
        return text if not text or validator is None or self._fits(text, validator) else ""

    def phone(self) -> str:
        text = _PHONE_SIGNS.sub("", self.number("phone").replace("-", ""))
        return text if not text or self._fits(text, validate_phone) else ""

    def word(self, field: str, known: Mapping[str, Word]) -> Word | None:
        text = self.text(field)
        plain = re.sub(r"[\s()（）]", "", text)
        if not plain or plain in known:
            return known.get(plain)
        self.object(f"unknown_{field}", _("“%(text)s” is not known here.") % {"text": text})
        return None

    def date(self, field: str) -> date | None:
        text = unicodedata.normalize("NFKC", self.text(field))
        try:
            return _as_date(text) if text else None
        except ValueError:
            self.object("unknown_date", _("“%(text)s” is not a day, such as 2026-03-01.") % {"text": text})
            return None

    def _fits(self, text: str, validator: RegexValidator) -> bool:
        try:
            validator(text)
        except ValidationError as error:
            self.object("malformed", f"“{text}”: {error.messages[0]}")
            return False
        return True


def _as_date(text: str) -> date:
    if match := _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text):
        return date(*(int(part) for part in match.groups()))
    if _DAY_NUMBER.fullmatch(text):
        return _DAY_ZERO + timedelta(days=int(text))
    raise ValueError(text)


_MISSING = {
    "code": lambda: _("The staff number is missing."),
    "name": lambda: _("The name is missing."),
}
