"""What a single line of a document is: a heading, the beginning of a question, an option, or a field such as 答案."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from question_bank.domain.importing.values import kind_named_in
from question_bank.enums import Kind

_FIELD_WORDS = {
    "answer": "答案|参考答案|标准答案|正确答案|本题答案|试题答案|答",
    "explanation": "解析|答案解析|试题解析|题目解析|详解|说明",
    "marking_guide": "评分要点|评分标准|得分要点|采分点",
    "difficulty": "难度|难易度|难度等级",
    "topic": "知识点|考点|所属知识点",
    "basis": "依据|政策依据|法律依据|答案依据|出处|来源",
    "document_number": "文号",
    "region": "适用地区",
    "validity": "有效期",
    "kind": "题型",
    "entry": "所考条目|对应条目",
    "key": "试题编号",
    "option_order": "选项顺序",
    "blank_order": "填空顺序",
    "anchored": "固定选项",
}
_FIELD_OF = {word: name for name, words in _FIELD_WORDS.items() for word in words.split("|")}
_WORDS = "|".join(sorted(_FIELD_OF, key=len, reverse=True))
_FIELD = re.compile(
    rf"\s*(?:[【\[]\s*(?P<boxed>{_WORDS})\s*[】\]]\s*[:：]?|(?P<plain>{_WORDS})\s*[:：]|(?P<bare>(?:参考|标准|正确)?答案)(?=\s|$))\s*"
)
# Fields that follow on the same line: 答案：B　解析：……
_NEXT_FIELD = re.compile(rf"(?<=\S)\s*(?=【(?:{_WORDS})】)|\s+(?=(?:{_WORDS})[:：])")
_CHINESE_NUMBER = (
    r"(?:第[一二三四五六七八九十百]+(?:部分|大题|卷)[、.．:：]?|[一二三四五六七八九十]+\s*[、.．]"
    r"|[(（][一二三四五六七八九十]+[)）])\s*"
)
_KIND_WORDS = (
    r"(?:单项?选择?|多项?选择?|不定项选择?|判断(?:正误|对错)?|是非|填空|简答|问答|论述|名词解释|案例分析|材料分析"
    r"|选择)题?"
)  # fmt: skip
_SECTION = re.compile(
    rf"\s*(?P<number>{_CHINESE_NUMBER})?{_KIND_WORDS}\s*(?:[:：]\s*(?P<said>[^\s(（].*)?)?(?:[(（,，。].*)?"
)
# What a heading says to whoever answers. Anything else behind its colon may be a question: 判断题：可以兼任。
_INSTRUCTION = re.compile(
    r"^请|每小?题|[本此]大?题|下列各|共\s*\d+\s*[题分道]|打\s*[“\"（(]?[√✓×✗对]|只有一个|有[两二多]个|选出|[多错漏]选|得分"
)
_ANSWERED = re.compile(r"(?<!打)[(（]\s*(?:[A-K√✓×✗对错]+|正确|错误)\s*[)）]|答案[:：】]")
_CLOSED_KIND = r"(?:单项?选择?|多项?选择?|不定项选择?|判断|填空|简答|问答)题?"
_KIND_BEFORE = re.compile(
    rf"\s*(?:[【\[(（]\s*(?P<boxed>{_KIND_WORDS})\s*[】\])）]\s*[:：]?|(?P<plain>{_CLOSED_KIND})\s*[:：])\s*(?=\S)"
)
_KIND_BEHIND = re.compile(rf"(?<=\S)\s*[【\[]\s*(?P<boxed>{_KIND_WORDS})\s*[】\]]\s*\*?\s*$")
_CHAPTER = re.compile(r"\s*第[一二三四五六七八九十百\d]+[章节编篇讲]\s*[、:：.]?\s*(?P<title>.{1,60})")
_CHINESE_TITLE = re.compile(rf"\s*{_CHINESE_NUMBER}(?P<title>[^。？?！!（(_＿]{{2,30}})")
_STEM = re.compile(
    r"\s*(?:第\s*(?P<a>\d{1,4})\s*题\s*[.．、:：]?|[(（]\s*(?P<b>\d{1,4})\s*[)）]\s*[.．、]?|(?P<c>\d{1,4})\s*[.．、)）])"
    r"(?P<glued>(?=\d))?\s*(?P<rest>.*)",
    re.DOTALL,
)
_OPTION = re.compile(r"\s*(?:[(（【]\s*[A-KＡ-Ｋ]\s*[)）】]|[A-KＡ-Ｋ]\s*[.．、:：)）]|[A-K][^\S\n]+(?=\S))")
_ANSWERS = re.compile(r"\s*(?:参考|标准|试题)?答案\s*(?:(?:与|及|和)?(?:解析|评分标准|评分要点))?\s*[:：]?\s*")
_RANGE = re.compile(r"\d{1,4}\s*[-~～—–－至到]+\s*\d{1,4}\s*[.．、:：)）]?\s*[A-KＡ-Ｋ√×✓✗对错TF]")
# As far as a kind behind a stem is looked for: over a line of blanks the pattern would take its square.
_LONGEST_KIND = 40


@dataclass(frozen=True, slots=True)
class StemStart:
    """How a numbered line begins. ``style`` tells 1. and （1） and 第1题 apart: a list within a question has another.

    ``is_glued``: a digit follows the number at once, so ``2021.6`` may be a date.
    """

    number: int
    style: str
    rest: str
    is_glued: bool


def fields_of(line: str) -> Iterator[str]:
    """The line cut before each field that begins within it."""
    if "：" in line or ":" in line or "【" in line:
        yield from (part for part in _NEXT_FIELD.split(line) if part.strip())
    else:
        yield line


def field_of(line: str) -> tuple[str, str] | None:
    """The name of the field that begins here, and its first text."""
    if (match := _FIELD.match(line)) is None:
        return None
    word = match["boxed"] or match["plain"] or match["bare"]
    return _FIELD_OF[word], line[match.end() :].strip()


def is_section(line: str) -> bool:
    """A heading that names a kind: 一、单项选择题（每题2分，共20分）."""
    match = _SECTION.fullmatch(line) if len(line) <= 100 else None
    if match is None or not match["said"]:
        return match is not None
    is_meant = match["number"] is not None or _INSTRUCTION.search(match["said"]) is not None
    return is_meant and not _ANSWERED.search(match["said"])


def kind_beside(stem: str) -> tuple[Kind | None, str]:
    """The kind that stands before a stem or behind it, and the stem: 【单选题】…, 判断：…, … [多选题]."""
    if match := _KIND_BEFORE.match(stem):
        kind, rest = kind_named_in(match["boxed"] or match["plain"]), stem[match.end() :]
    elif match := _KIND_BEHIND.search(stem, max(0, len(stem) - _LONGEST_KIND)):
        kind, rest = kind_named_in(match["boxed"]), stem[: match.start()]
    else:
        return None, stem
    return (kind, rest) if kind else (None, stem)


def topic_of(line: str) -> str:
    """The title of a chapter, which is the topic of what follows; nothing for another line."""
    match = _CHAPTER.fullmatch(line) or _CHINESE_TITLE.fullmatch(line)
    return match["title"].strip() if match and not kind_named_in(line) else ""


def stem_start(line: str) -> StemStart | None:
    match = _STEM.match(line)
    if match is None:
        return None
    style = next(each for each in "abc" if match[each])
    return StemStart(int(match[style]), style, match["rest"].strip(), match["glued"] is not None)


def is_option(line: str) -> bool:
    return _OPTION.match(line) is not None


def is_first_option(line: str) -> bool:
    return is_option(line) and line.lstrip(" \t\u3000(（【")[:1] in {"A", "Ａ"}


def is_answer_heading(line: str) -> bool:
    """参考答案 alone on its line: what follows may be the answers to all questions."""
    return _ANSWERS.fullmatch(line) is not None


def holds_ranges(line: str) -> bool:
    """答案：1-5 ABCDA."""
    return _RANGE.search(line) is not None
