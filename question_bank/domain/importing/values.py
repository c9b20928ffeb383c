"""What people write into the cells of a question, understood only where it is certain."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from common.chinese import fold
from question_bank.enums import Difficulty, Kind


class NotCertain(Exception):
    """A question that is not taken; ``reason`` is for the person who brought the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Conventions:
    """Codes that mean nothing by themselves and that the file as a whole, or a person, has explained.

    ``kinds``: figures for kinds. ``truth``: what stands for right and wrong, such as A and B.
    ``five_levels``: difficulty is a figure from 1 to 5.
    """

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    truth: Mapping[str, bool] = field(default_factory=dict)
    five_levels: bool = False


_KINDS: Mapping[Kind, str] = {
    Kind.SINGLE: "单选 单选题 单项选择 单项选择题 单项 单选择题 single singlechoice singleselect radio",
    Kind.MULTIPLE: "多选 多选题 多项选择 多项选择题 多项 不定项 不定项选择 不定项选择题 不定项题 "
    "multiple multipleresponse multipleselect checkbox",
    Kind.TRUE_FALSE: "判断 判断题 是非 是非题 对错 对错题 判断正误 判断对错 正误判断 truefalse trueorfalse tf judge",
    Kind.FILL: "填空 填空题 fill fillin fillblank fillintheblank",
    Kind.SHORT: "简答 简答题 问答 问答题 论述 论述题 名词解释 案例分析 案例分析题 材料分析 材料分析题 主观题 "
    "short shortanswer essay",
}  # fmt: skip
_KIND_OF = {fold(word): kind for kind, words in _KINDS.items() for word in words.split()}
_KIND_INSIDE = {
    Kind.SINGLE: re.compile("单项?选"),
    Kind.MULTIPLE: re.compile("多项?选|不定项"),
    Kind.TRUE_FALSE: re.compile("判断|是非题|对错题"),
    Kind.FILL: re.compile("填空"),
    Kind.SHORT: re.compile("简答|问答|论述|名词解释|案例分析|材料分析|主观题"),
}
KIND_NAMES: Mapping[Kind, str] = {
    Kind.SINGLE: "单选题",
    Kind.MULTIPLE: "多选题",
    Kind.TRUE_FALSE: "判断题",
    Kind.FILL: "填空题",
    Kind.SHORT: "简答题",
}
_TRUE = frozenset(map(fold, ["对", "正确", "是", "√", "✓", "✔", "☑", "真", "T", "TRUE", "Y", "YES", "right"]))
_FALSE = frozenset(
    map(
        fold,
        [
            "错",
            "错误",
            "不对",
            "不正确",
            "否",
            "×",
            "✗",
            "✘",
            "✕",
            "╳",
            "X",
            "假",
            "F",
            "FALSE",
            "N",
            "NO",
            "wrong",
            "不是",
        ],
    )
)
_DIFFICULTIES: Mapping[Difficulty, str] = {
    Difficulty.EASY: "易 容易 简单 较易 较简单 低 easy 初级",
    Difficulty.MEDIUM: "中 中等 一般 适中 普通 medium 中级",
    Difficulty.HARD: "难 困难 较难 高 hard difficult 高级",
}
_DIFFICULTY_OF = {fold(word): level for level, words in _DIFFICULTIES.items() for word in words.split()}
_FIVE_LEVELS = dict(zip("12345", [*[Difficulty.EASY] * 2, Difficulty.MEDIUM, *[Difficulty.HARD] * 2], strict=True))
DIFFICULTY_NAMES: Mapping[Difficulty, str] = {
    Difficulty.EASY: "易",
    Difficulty.MEDIUM: "中",
    Difficulty.HARD: "难",
}
_DATE = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII
)
_NO_DATE = frozenset(map(fold, ["长期", "长期有效", "至今", "永久", "无", "—", "-"]))
_SPAN = re.compile(r"\s*(?:至|到|~|～|—+|–| - |起至)\s*")
_NOTE = re.compile(r"[(（\[【].*?[)）\]】]", re.DOTALL)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    return fold(text)


def kind_of(text: str, conventions: Conventions = Conventions()) -> Kind | None:
    """The kind a cell names. Nothing for an empty cell; refuses words and figures that could mean several kinds."""
    if not text:
        return None
    word = folded(text)
    found = conventions.kinds.get(word) or _KIND_OF.get(word) or _KIND_OF.get(folded(_NOTE.sub("", text)))
    if found:
        return found
    if word.isdecimal():
        raise NotCertain(_("The kind “%(text)s” is a figure that could mean more than one kind.") % {"text": text[:20]})
    raise NotCertain(_("The kind “%(text)s” is not known.") % {"text": text[:20]})


def kind_named_in(text: str) -> Kind | None:
    """The one kind that a heading or the name of a sheet speaks of (一、单项选择题（每题2分）); nothing for two."""
    found = [kind for kind, pattern in _KIND_INSIDE.items() if pattern.search(text)]
    return found[0] if len(found) == 1 else None


def truth_of(text: str, conventions: Conventions = Conventions()) -> bool | None:
    """Right or wrong as a person writes it; nothing where the text says neither for certain."""
    word = folded(text)
    if word in conventions.truth:
        return conventions.truth[word]
    return True if word in _TRUE else False if word in _FALSE else None


def flag_of(text: str) -> bool:
    """Yes or no in a cell of its own; empty is no. Refuses anything else."""
    word = folded(text)
    if word in _TRUE or word in {"1", "固定", "按序", "任意", "不乱序"}:
        return True
    if not word or word in _FALSE or word in {"0", "不固定", "乱序", "按顺序"}:
        return False
    raise NotCertain(_("“%(text)s” is neither yes nor no.") % {"text": text[:20]})


def difficulty_of(text: str, conventions: Conventions = Conventions()) -> Difficulty | None:
    """Easy, medium or hard; nothing where the word is not known. Figures only if they are known to go to five."""
    word = folded(text)
    if conventions.five_levels and word in _FIVE_LEVELS:
        return _FIVE_LEVELS[word]
    return _DIFFICULTY_OF.get(word) or _DIFFICULTY_OF.get(word.removesuffix("题"))


def date_of(text: str) -> date | None:
    """A day; nothing for an empty cell and for 长期. Refuses what is no day of the calendar."""
    clean = text.strip()
    if not clean or folded(clean) in _NO_DATE or clean in "—-":
        return None
    if match := _DATE.fullmatch(clean):
        try:
            return date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5]))
        except ValueError:
            pass
    raise NotCertain(_("“%(text)s” is not a date. Write it as 2025-06-01.") % {"text": clean[:20]})


def span_of(text: str) -> tuple[date | None, date | None]:
    """First and last day from one cell: ``2024-01-01至2025-12-31``."""
    parts = _SPAN.split(text.strip(), maxsplit=1)
    if len(parts) == 1:
        return None, date_of(parts[0])
    return date_of(parts[0].removesuffix("起")), date_of(parts[1])


def five_levels_in(cells: Iterable[str]) -> bool:
    """Do the figures of a column of difficulties go beyond three? Up to three they could be two different scales."""
    figures = {word for cell in cells if (word := folded(cell))}
    return figures <= set(_FIVE_LEVELS) and bool(figures & {"4", "5"})
