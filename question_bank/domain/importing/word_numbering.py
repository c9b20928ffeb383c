"""The numbers that Word counts by itself, as the text a reader sees."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from question_bank.domain.importing.word_package import W, WordPackage

_CHINESE = "零一二三四五六七八九十"
_CHINESE_FORMATS = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCounting",
}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str


class Numbering:
    """Counts as Word does: one counter for each list and level, restarted by a higher level."""

    def __init__(self, package: WordPackage) -> None:
        self._abstract: dict[str, str] = {}
        self._levels: dict[tuple[str, int], _Level] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counters: dict[str, dict[int, int]] = defaultdict(dict)
        self._seen: set[str] = set()
        self._learn_lists(package.part("word/numbering.xml"))
        self._learn_styles(package.part("word/styles.xml"))

    def _learn_lists(self, root: Any) -> None:
        if root is None:
            return
        for each in root.iter(f"{W}abstractNum"):
            for level in each.iter(f"{W}lvl"):
                key = (each.get(f"{W}abstractNumId") or "", _number(level.get(f"{W}ilvl")))
                self._levels[key] = _Level(
                    _number(_value(level, "start"), 1), _value(level, "numFmt"), _value(level, "lvlText")
                )
        for each in root.iter(f"{W}num"):
            name = each.get(f"{W}numId") or ""
            self._abstract[name] = _value(each, "abstractNumId")
            for override in each.iter(f"{W}lvlOverride"):
                if start := _value(override, "startOverride"):
                    self._restarts[name, _number(override.get(f"{W}ilvl"))] = _number(start, 1)

    def _learn_styles(self, root: Any) -> None:
        for style in root.iter(f"{W}style") if root is not None else ():
            if (found := _list_of(style.find(f"{W}pPr"))) and found[0]:
                self._styles[style.get(f"{W}styleId") or ""] = found

    def prefix(self, properties: Any, style: str) -> str:
        """``3. `` or ``B. `` in front of a paragraph with these properties; nothing for one that is not counted."""
        found = _list_of(properties) or self._styles.get(style)
        if not found or found[0] in {"", "0"}:
            return ""
        name, depth = found
        list_name = self._abstract.get(name, "")
        level = self._levels.get((list_name, depth))
        if level is None or level.format in {"bullet", "none", ""}:
            return ""
        counters = self._counters[list_name]
        self._restart(name, counters)
        counters[depth] = counters.get(depth, level.start - 1) + 1
        for deeper in [each for each in counters if each > depth]:
            del counters[deeper]
        return self._shown(list_name, depth, level, counters)

    def _restart(self, name: str, counters: dict[int, int]) -> None:
        if name in self._seen:
            return
        self._seen.add(name)
        for (other, depth), start in self._restarts.items():
            if other == name:
                counters[depth] = start - 1

    def _shown(self, list_name: str, depth: int, level: _Level, counters: dict[int, int]) -> str:
        text = level.text
        for each in range(depth + 1):
            own = self._levels.get((list_name, each), level)
            text = text.replace(f"%{each + 1}", _figure(counters.get(each, own.start), own.format))
        return f"{text} " if text else ""


def _figure(number: int, format: str) -> str:
    if format == "upperLetter" and 1 <= number <= 26:
        return chr(ord("A") + number - 1)
    if format == "lowerLetter" and 1 <= number <= 26:
        return chr(ord("a") + number - 1)
    if format in _CHINESE_FORMATS and 1 <= number < 100:
        tens, ones = divmod(number, 10)
        head = "" if tens == 0 else "十" if tens == 1 else f"{_CHINESE[tens]}十"
        return head + (_CHINESE[ones] if ones else "")
    return str(number)


def _list_of(properties: Any) -> tuple[str, int] | None:
    numbering = properties.find(f"{W}numPr") if properties is not None else None
    if numbering is None:
        return None
    return _value(numbering, "numId"), _number(_value(numbering, "ilvl"))


def _value(element: Any, name: str) -> str:
    found = element.find(f"{W}{name}")
    return (found.get(f"{W}val") or "") if found is not None else ""


def _number(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 else otherwise
