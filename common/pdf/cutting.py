"""Cutting static TrueType fonts out of the variable Noto Sans.

ReportLab loads a variable font only as its thin default and refuses CFF outlines, so instances are cut. The general
instancer of fontTools takes four times as long: it subsets, copies and merges every table. Here a glyph is decoded
once, moved once for each weight, and put into a new font.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates
from fontTools.ttLib.tables.ttProgram import Program
from fontTools.varLib.iup import iup_delta
from fontTools.varLib.models import normalizeLocation, piecewiseLinearMap

_WEIGHT = {"wght": (0.0, 1.0, 1.0)}
_LICENCE = "Cut from Noto Sans CJK. This Font Software is licensed under the SIL Open Font License, Version 1.1."


class UnsuitableFont(ValueError):
    """The source is not a variable TrueType font with one weight axis and linear outlines."""


def cut(source: Path, characters: Iterable[int], weights: Mapping[str, int]) -> dict[str, bytes]:
    """Static TrueType fonts with those of ``characters`` (code points) that ``source`` has.

    ``weights`` maps the PostScript name of each new font to its weight (100 to 900). The names must differ: ReportLab
    caches by them and would silently mix the weights. Layout tables and hinting are left out, PDF needs neither.
    Raises :class:`UnsuitableFont`.
    """
    with TTFont(source, lazy=True) as font:
        if "gvar" not in font or [axis.axisTag for axis in font["fvar"].axes] != ["wght"]:
            raise UnsuitableFont(source.name)
        names = font.getBestCmap()
        mapping = {code: names[code] for code in sorted(characters) if code in names}
        order = _with_components(font, [".notdef", *dict.fromkeys(mapping.values())])
        builders = {name: _Instance(font, weight) for name, weight in weights.items()}
        for glyph_name in order:
            glyph, deltas = _decode(font, glyph_name)
            for instance in builders.values():
                instance.add(glyph_name, glyph, deltas)
        return {name: instance.build(name, order, mapping) for name, instance in builders.items()}


def coverage(source: Path) -> frozenset[int]:
    """The code points for which ``source`` has a glyph."""
    with TTFont(source, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _with_components(font: Any, order: list[str]) -> list[str]:
    found = dict.fromkeys(order)
    for name in order:
        for component in getattr(_expanded(font, name), "components", ()):
            if component.glyphName not in found:
                found[component.glyphName] = None
                order.append(component.glyphName)
    return order


def _expanded(font: Any, name: str) -> Any:
    glyph = font["glyf"][name]
    glyph.expand(font["glyf"])
    return glyph


def _decode(font: Any, name: str) -> tuple[Any, list[tuple[float, float]]]:
    """The glyph, and how far its points and then the four phantom points move from the lightest to the heaviest."""
    glyph = _expanded(font, name)
    variations = font["gvar"].variations.get(name, [])
    if not variations:
        return glyph, [(0, 0)] * (_points(glyph) + 4)
    if len(variations) > 1 or variations[0].axes != _WEIGHT:
        raise UnsuitableFont(f"{name}: more than one master")
    deltas = variations[0].coordinates
    if None in deltas:
        deltas = iup_delta(deltas, [*_outline(glyph), (0, 0), (0, 0), (0, 0), (0, 0)], _contour_ends(glyph))
    return glyph, deltas


def _points(glyph: Any) -> int:
    return len(glyph.components) if glyph.isComposite() else len(getattr(glyph, "coordinates", ()))


def _outline(glyph: Any) -> list[tuple[float, float]]:
    return (
        [(part.x, part.y) for part in glyph.components]
        if glyph.isComposite()
        else list(getattr(glyph, "coordinates", ()))
    )


def _contour_ends(glyph: Any) -> list[int]:
    return list(range(len(glyph.components))) if glyph.isComposite() else list(getattr(glyph, "endPtsOfContours", ()))


class _Instance:
    """One static font in the making."""

    def __init__(self, font: Any, weight: int) -> None:
        self._font = font
        self._weight = weight
        self._share = _share_of_the_way(font, weight)
        self._glyphs: dict[str, Any] = {}
        self._advances: dict[str, int] = {}

    def add(self, name: str, glyph: Any, deltas: list[tuple[float, float]]) -> None:
        left, right = deltas[-4][0], deltas[-3][0]
        advance = self._font["hmtx"][name][0] + (right - left) * self._share
        self._advances[name] = max(0, round(advance))
        self._glyphs[name] = self._moved(glyph, deltas[:-4])

    def _moved(self, glyph: Any, deltas: list[tuple[float, float]]) -> Any:
        moved = copy(glyph)
        if glyph.isComposite():
            moved.components = [copy(part) for part in glyph.components]
            for part, (x, y) in zip(moved.components, deltas, strict=True):
                part.x, part.y = round(part.x + x * self._share), round(part.y + y * self._share)
        elif glyph.numberOfContours:
            way = GlyphCoordinates(deltas)
            way *= self._share
            way += glyph.coordinates
            way.toInt(round=round)
            moved.coordinates = way
        _without_instructions(moved)
        return moved

    def build(self, name: str, order: list[str], mapping: dict[int, str]) -> bytes:
        head, across = self._font["head"], self._font["OS/2"]
        builder = FontBuilder(head.unitsPerEm, isTTF=True)
        builder.setupGlyphOrder(order)
        builder.setupCharacterMap(mapping)
        builder.setupGlyf(self._glyphs)
        bearings = {each: getattr(self._glyphs[each], "xMin", 0) for each in order}
        builder.setupHorizontalMetrics({each: (self._advances[each], bearings[each]) for each in order})
        builder.setupHorizontalHeader(ascent=self._font["hhea"].ascent, descent=self._font["hhea"].descent)
        builder.setupNameTable(_names(name))
        builder.setupOS2(
            usWeightClass=self._weight,
            fsType=0,
            sTypoAscender=across.sTypoAscender,
            sTypoDescender=across.sTypoDescender,
            sCapHeight=across.sCapHeight,
        )
        builder.setupPost(keepGlyphNames=False)
        target = BytesIO()
        builder.save(target)
        return target.getvalue()


def _share_of_the_way(font: Any, weight: int) -> float:
    """How far ``weight`` lies from the lightest (0) to the heaviest (1) master, after the font's own ``avar`` map."""
    axis = font["fvar"].axes[0]
    place = normalizeLocation({"wght": weight}, {"wght": (axis.minValue, axis.defaultValue, axis.maxValue)})["wght"]
    return float(piecewiseLinearMap(place, font["avar"].segments["wght"])) if "avar" in font else float(place)


def _without_instructions(glyph: Any) -> None:
    if glyph.isComposite():
        vars(glyph).pop("program", None)
    else:
        glyph.program = Program()


def _names(name: str) -> dict[str, str]:
    family, _, style = name.partition("-")
    return {
        "familyName": family,
        "styleName": style,
        "uniqueFontIdentifier": name,
        "fullName": name,
        "psName": name,
        "licenseDescription": _LICENCE,
        "licenseInfoURL": "https://openfontlicense.org",
    }
