"""Which characters are cut in advance, and which text can be drawn at all.

Everything outside the core comes from shelves that are cut when somebody first prints a character that stands on them.
"""

import unicodedata
from functools import cache

# Characters that GB 2312 lacks and that are nevertheless in ordinary use in names of people and places.
_NAMES_AND_PLACES = (
    "乂倓倞偲傕僡儁凃劼勍卲唅喆喬嘒嚞坖垚垟埇埗埜埼堃堉堎堽塃塆墘壪奀奡妘妡妧姀姈姞姮婞婳媖媛媞嫄嫕嬛嬿孖孮宬寀寘峂崀崚崟嵎嵚嶒廙弇弢彣彧徤忞悊惇惎愔慜慥扆抃敔斿旸旻昇昪昫昳晅晊晙晛晞晢晪晫晳晸暎暐暟暠暲曈"
    "曌朓枟柷栻梽棨棻榞橦欸沄沘沚沺泃泩洣洺浐浛浟浥涘淏淯湉湙湜湝湲溁溵滈滉滍滪漈漷潏潓澂澥澴濋濛瀍瀼炆炘炟烜烱焜焴煐煓煖煚熇燊燏燚燿爔爚牂犇犨玓玘玙玚玞玠玥玦玭玹珅珒珣珦珪珮珰珵珹珺琀琄琇琋琎琤琭琯琲瑀瑄"
    "瑢瑧瑨瑱璈璘璟璠璥璪璬璿瓅甡甦甪畤疌疍皕皛皝皞皦眹矞矱硔硚碁碶磜磻礌礐祃祇祎祐祹祾禔禛禟禤秾稙穂窅竑竜筀筜筼簃紃絜縠纁纮纻缊羑羕翀翃翙翾脩芃芠苧苪苳茀茝荙莀莙菂菉菓菶萩蒟蒨蓂蓇蓨藟藨虓衎袆襆訚詠諠諲諴"
    "讱诇谞贇贠赟赪釭銘鋆錡鍈镕镠阇頔頫颋飏骉鹍鹔龑龘龢"
)
_LATIN_AND_SIGNS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x2000, 0x2070),
    *range(0x20A0, 0x20C0),
    *range(0x2190, 0x219A),
)
_CHECK_MARKS = "✓✔✗✘☐☑☒■□●○◎★☆▲△▼▽◆◇"
_INVISIBLE = "Cc Cf Cs Zl Zp"

GETA = "〓"
"""Printed in place of a character that no font has: the printers' sign for a missing type."""


@cache
def core_characters() -> frozenset[int]:
    """Code points cut in advance: GB 2312, Latin with diacritics (pinyin), signs, and frequent characters of names."""
    cells = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    gb2312 = "".join(cell.decode("gb2312", errors="ignore") for cell in cells)
    return frozenset(map(ord, gb2312 + _NAMES_AND_PLACES + _CHECK_MARKS)).union(_LATIN_AND_SIGNS)


def printable(text: str) -> str:
    """The text with tabs as spaces and without what leaves no ink: controls, joiners, variation selectors.

    Line feeds stay.
    """
    if text.isprintable() and text.isascii():
        return text
    spaced = text.replace("\r\n", "\n").replace("\t", " ").replace("\u2028", "\n")
    return "".join(character for character in spaced if character == "\n" or not _is_invisible(character))


def _is_invisible(character: str) -> bool:
    code = ord(character)
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or unicodedata.category(character) in _INVISIBLE
