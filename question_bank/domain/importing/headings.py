"""What the columns of a table of questions are called, and what each of them means."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.chinese import fold
from question_bank.validators import MOST_OPTIONS


class Meaning(StrEnum):
    """What a column says about its question. The columns of options are named by :func:`option_column`."""

    UNUSED = ""
    STEM = "stem"
    KIND = "kind"
    ANSWER = "answer"
    OPTIONS = "options"  # all options in one cell; or one of them, where every option has a row
    OPTION_LETTER = "option_letter"
    OPTION_RIGHT = "option_right"
    ANCHORED = "anchored"
    OPTION_ORDER = "option_order"
    BLANK_ORDER = "blank_order"
    MARKING_GUIDE = "marking_guide"
    EXPLANATION = "explanation"
    BASIS = "basis"
    DOCUMENT_NUMBER = "document_number"
    REGION = "region"
    VALIDITY = "validity"
    VALID_FROM = "valid_from"
    VALID_TO = "valid_to"
    DIFFICULTY = "difficulty"
    TOPIC = "topic"
    ENTRY = "entry"
    KEY = "key"
    NUMBER = "number"
    POINTS = "points"
    PICTURES = "pictures"  # they stand beside the row; the cell itself says nothing


LABELS: Mapping[str, str | Promise] = {
    Meaning.UNUSED: _("not used"),
    Meaning.STEM: _("stem"),
    Meaning.KIND: _("kind"),
    Meaning.ANSWER: pgettext_lazy("column", "answer"),
    Meaning.OPTIONS: _("options (in one cell, or one a row)"),
    Meaning.OPTION_LETTER: _("letter of the option"),
    Meaning.OPTION_RIGHT: _("whether the option is right"),
    Meaning.ANCHORED: _("options that keep their place"),
    Meaning.OPTION_ORDER: _("keep the order of the options"),
    Meaning.BLANK_ORDER: _("the blanks may be filled in any order"),
    Meaning.MARKING_GUIDE: _("marking guide"),
    Meaning.EXPLANATION: _("explanation"),
    Meaning.BASIS: _("basis"),
    Meaning.DOCUMENT_NUMBER: _("document number"),
    Meaning.REGION: _("region"),
    Meaning.VALIDITY: _("valid from and to, in one cell"),
    Meaning.VALID_FROM: _("valid from"),
    Meaning.VALID_TO: _("valid to"),
    Meaning.DIFFICULTY: _("difficulty"),
    Meaning.TOPIC: _("topic"),
    Meaning.ENTRY: _("tests the entry"),
    Meaning.KEY: _("identifier of the question"),
    Meaning.NUMBER: _("serial number"),
    Meaning.POINTS: pgettext_lazy("column", "points"),
    Meaning.PICTURES: pgettext_lazy("column", "pictures"),
}

# The first spelling of a meaning is the surest: where two columns could mean the same, it wins.
_SPELLINGS: Mapping[Meaning, str] = {
    Meaning.STEM: "题干 试题题干 题目题干 题干内容 题目内容 试题内容 问题内容 题目描述 试题正文 题目 试题 问题 考题 "
    "题目名称 试题名称 内容 stem question questiontext",
    Meaning.KIND: "题型 试题类型 题目类型 问题类型 题目题型 试题题型 题类 类型 kind questiontype type",
    Meaning.ANSWER: "正确答案 标准答案 参考答案 答案 正确选项 答案选项 试题答案 题目答案 正确项 answer "
    "correctanswer key",
    Meaning.OPTIONS: "选项 选项内容 备选项 备选答案 候选项 选项文本 试题选项 题目选项 全部选项 所有选项 选项描述 "
    "options option choices",
    Meaning.OPTION_LETTER: "选项序号 选项编号 选项字母 选项标识 选项号 选项标号",
    Meaning.OPTION_RIGHT: "是否正确 是否正确答案 是否答案 是否为答案 正确与否 是否正确选项 是否为正确答案 "
    "correct iscorrect",
    Meaning.ANCHORED: "位置固定的选项 固定选项",
    Meaning.OPTION_ORDER: "选项顺序 选项是否乱序",
    Meaning.BLANK_ORDER: "填空顺序",
    Meaning.MARKING_GUIDE: "评分要点 评分标准 评分说明 得分要点 采分点 评分细则",
    Meaning.EXPLANATION: "解析 题目解析 试题解析 答案解析 整体解析 解析说明 答题解析 详细解析 题解 说明 "
    "explanation feedback",
    Meaning.BASIS: "依据 政策依据 法律依据 答案依据 出题依据 命题依据 出处 来源 题目来源 试题来源 答案出处 "
    "文件依据 政策文件 页码 basis source",
    Meaning.DOCUMENT_NUMBER: "文号 发文字号 文件号 文件字号",
    Meaning.REGION: "适用地区 地区 适用范围 适用区域 region",
    Meaning.VALIDITY: "有效期 有效期限 有效时间",
    Meaning.VALID_FROM: "生效日期 有效期自 有效期起 生效时间 施行日期 开始日期 validfrom",
    Meaning.VALID_TO: "失效日期 有效期至 有效期止 失效时间 截止日期 到期日期 validto",
    Meaning.DIFFICULTY: "难度 难度等级 难易度 难易程度 试题难度 题目难度 难度系数 难度级别 difficulty",
    Meaning.TOPIC: "知识点 知识点分类 所属知识点 知识点名称 一级考点 二级考点 三级考点 考点 一级知识点 二级知识点 "
    "三级知识点 章节 所属章节 章 节 专题 科目 类别 题目分类 试题分类 分类 标签 topic category tags",
    Meaning.ENTRY: "所考条目 对应条目 手册条目 引用条目 entry",
    Meaning.KEY: "试题编号 题目编号 试题id 题目id 题id 编号 编码 试题编码 题目编码 id uuid code",
    Meaning.NUMBER: "序号 题号 顺序号 行号 no number",
    Meaning.POINTS: "分值 分数 题目分值 试题分值 得分 单题分值 本题分值 每题分值 points score",
    Meaning.PICTURES: "图片 插图 配图 附图 picture image",
}  # fmt: skip
_MEANING_OF: Mapping[str, Meaning] = {
    fold(word): meaning for meaning, words in _SPELLINGS.items() for word in words.split()
}
_RANK: Mapping[str, int] = {
    fold(word): rank for words in _SPELLINGS.values() for rank, word in enumerate(words.split())
}
_LONGEST_HEADING = 30
_NOTE = re.compile(r"[(（\[【].*?[)）\]】]|[*＊※]", re.DOTALL)
_OPTION = re.compile(
    r"(?P<word>选项|备选项|备选答案|答案选项|候选项|option|choice|answer)?"
    r"(?:(?P<letter>[a-k])|(?P<number>1[01]|[1-9])|(?P<numeral>十一|[一二三四五六七八九十]))(?P<after>选项|项)?"
)
_NUMERALS = "一二三四五六七八九十"


def option_column(number: int) -> str:
    """The meaning of the column with option ``number`` (1 is A)."""
    return f"option_{number}"


def option_number(meaning: str) -> int | None:
    """Which option the column holds, or nothing if it holds something else."""
    prefix, _underscore, number = meaning.partition("_")
    return int(number) if prefix == "option" and number.isdecimal() else None


MEANINGS: tuple[str, ...] = (*Meaning, *(option_column(number) for number in range(1, MOST_OPTIONS + 1)))


@lru_cache(maxsize=4096)
def meaning_of(heading: str) -> str:
    """What a column with that heading means; ``Meaning.UNUSED`` when the words are not known.

    Notes in brackets, stars, spaces, width and case do not matter.
    """
    if not heading or len(heading) > _LONGEST_HEADING:
        return Meaning.UNUSED
    if option := _OPTION.fullmatch(_folded(heading)):
        return option_column(_place_of(option))
    return _MEANING_OF.get(_folded(heading), Meaning.UNUSED)


@lru_cache(maxsize=4096)
def rank_of(heading: str) -> int:
    """How sure the words are: the smaller the surer."""
    return _RANK.get(_folded(heading), 0)


def is_bare(heading: str) -> bool:
    """Only a letter or a figure: in a row of headings an option, in any other row an answer."""
    option = _OPTION.fullmatch(_folded(heading)) if len(heading) <= _LONGEST_HEADING else None
    return bool(option and not option["word"] and not option["after"])


def is_numbered(heading: str) -> bool:
    """Does the heading call its option by a number, and not by a letter?"""
    option = _OPTION.fullmatch(_folded(heading))
    return bool(option and not option["letter"])


def _folded(heading: str) -> str:
    # A whole heading may stand in brackets: 【题干】.
    return fold(_NOTE.sub("", heading)) or fold(heading)


def _place_of(option: re.Match[str]) -> int:
    if option["letter"]:
        return ord(option["letter"]) - ord("a") + 1
    if option["number"]:
        return int(option["number"])
    return 11 if option["numeral"] == "十一" else _NUMERALS.index(option["numeral"]) + 1
