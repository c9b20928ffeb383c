"""The fonts of the house: cut once into a cache directory, registered with ReportLab once per process.

Two core fonts (Regular, Bold) hold what nearly every page needs. The rest of Noto Sans stands on shelves of 256 code
points, cut one at a time when somebody first prints a character of theirs. What no font has is printed as 〓 and
reported, never as a silent box.
"""

import fcntl
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from threading import RLock

from django.conf import settings
from reportlab.pdfbase import pdfmetrics

from common.pdf import cutting
from common.pdf.embedding import EmbeddedFont
from common.pdf.repertoire import GETA, core_characters, printable

_STYLES = {"Regular": 400, "Bold": 700}
_SOURCES = ("SC", "TC", "JP", "KR")
_SHELF_SIZE = 256
_CUTTING_VERSION = "1"

_registering = RLock()


@dataclass(frozen=True, slots=True)
class Fonts:
    """Paths of the two weights of one cut."""

    regular: Path
    bold: Path


def ensure_fonts(directory: Path) -> Fonts:
    """The core fonts in ``directory``, which is made if need be; cuts them when they are not there (some 8 s of CPU).

    Safe to call from several processes at once: one cuts, the others wait and find the files.
    """
    return _ensure_cut(directory, "", _SOURCES[0], core_characters())


def missing_glyphs(text: str) -> set[str]:
    """The characters of ``text`` that no font of the house can draw."""
    return typeface().missing(text)


@cache
def typeface() -> "Typeface":
    """The typeface of this process, cached in ``settings.FONT_CACHE_DIR``."""
    with _registering:
        return Typeface(Path(settings.FONT_CACHE_DIR))


class Typeface:
    """Text in two weights, over as many font files as its characters need. One a process: :func:`typeface`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._shelves: dict[str, tuple[EmbeddedFont, EmbeddedFont]] = {}
        self._core = self._register(ensure_fonts(directory))
        self._core_widths = [font.face.charWidths for font in self._core]
        self._core_codes = frozenset(core_characters() & self._core_widths[0].keys())

    @property
    def regular(self) -> str:
        """ReportLab's name of the core font, for flowables that set their own text."""
        return str(self._core[0].fontName)

    @property
    def bold(self) -> str:
        return str(self._core[1].fontName)

    def runs(self, text: str, *, bold: bool = False) -> list[tuple[str, str]]:
        """``text`` cut into ``(ReportLab's font name, characters)``; what no font has became 〓. Takes one line."""
        line = printable(text)
        if self._core_codes.issuperset(map(ord, line)):
            return [(str(self._core[bold].fontName), line)] if line else []
        drawn = ((self._font_of(character), character) for character in line)
        pairs = [(str((fonts or self._core)[bold].fontName), each if fonts else GETA) for fonts, each in drawn]
        return [(name, "".join(each for _, each in run)) for name, run in groupby(pairs, key=lambda pair: pair[0])]

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width in points of one line set in ``size`` points."""
        widths = self._core_widths[bold]
        try:
            return float(sum([widths[ord(character)] for character in text]) * size / 1000)
        except KeyError:
            return float(sum(pdfmetrics.stringWidth(run, name, size) for name, run in self.runs(text, bold=bold)))

    def missing(self, text: str) -> set[str]:
        """The characters of ``text`` that come out as 〓."""
        unusual = {each for each in printable(text) if each != "\n" and ord(each) not in self._core_codes}
        return {each for each in unusual if _source_of(ord(each)) is None}

    def _font_of(self, character: str) -> tuple[EmbeddedFont, EmbeddedFont] | None:
        code = ord(character)
        if code in self._core_codes:
            return self._core
        source = _source_of(code)
        return self._shelf(source, code // _SHELF_SIZE) if source else None

    def _shelf(self, source: str, number: int) -> tuple[EmbeddedFont, EmbeddedFont]:
        key = f"{source}{number:03X}"
        if key not in self._shelves:
            codes = range(number * _SHELF_SIZE, (number + 1) * _SHELF_SIZE)
            wanted = [code for code in codes if code not in self._core_codes and code in _coverage(source)]
            with _registering:
                self._shelves[key] = self._register(_ensure_cut(self._directory, key, source, wanted))
        return self._shelves[key]

    @staticmethod
    def _register(fonts: Fonts) -> tuple[EmbeddedFont, EmbeddedFont]:
        registered = tuple(EmbeddedFont(path.stem, str(path)) for path in (fonts.regular, fonts.bold))
        for font in registered:
            pdfmetrics.registerFont(font)
        return registered[0], registered[1]


def _ensure_cut(directory: Path, key: str, source: str, characters: Collection[int]) -> Fonts:
    names = [f"YingzhiSans{key}{_fingerprint()}-{style}" for style in _STYLES]
    paths = [directory / f"{name}.ttf" for name in names]
    if not all(path.exists() for path in paths):
        directory.mkdir(parents=True, exist_ok=True)
        with _exclusive(directory):
            if not all(path.exists() for path in paths):
                cut = cutting.cut(_source_path(source), characters, dict(zip(names, _STYLES.values(), strict=True)))
                for path, name in zip(paths, names, strict=True):
                    _place(path, cut[name])
    return Fonts(*paths)


@contextmanager
def _exclusive(directory: Path) -> Iterator[None]:
    with (directory / "cutting.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _place(path: Path, content: bytes) -> None:
    # Readers look for the finished name without a lock, so it must never stand for half a font.
    half = path.with_suffix(".part")
    half.write_bytes(content)
    half.replace(path)


@cache
def _fingerprint() -> str:
    """Changes with the source package, the repertoire and the way of cutting, so that an old cache is left alone."""
    made_of = f"{version('justmytype-intl-cjk')} {_CUTTING_VERSION} {sorted(core_characters())}"
    return sha256(made_of.encode()).hexdigest()[:6]


def _source_path(source: str) -> Path:
    family = f"NotoSans{source}"
    return Path(str(files("justmytype_intl_cjk") / "fonts" / "ofl" / family.lower() / f"{family}[wght].ttf"))


@cache
def _coverage(source: str) -> frozenset[int]:
    return cutting.coverage(_source_path(source))


def _source_of(code: int) -> str | None:
    return next((source for source in _SOURCES if code in _coverage(source)), None)
