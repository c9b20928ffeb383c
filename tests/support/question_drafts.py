"""Drafts of questions as the bank could hold them, for properties that must hold for all of them."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from common.pictures import Picture
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.enums import Difficulty, Kind

# What the formats give a meaning to, what people write, and what is rare.
SIGNS = "{}=~#:\\%*[]<>&\"'/|;$-_!?.() \u3000\t\n`"
SIGNS_TOGETHER = (
    "[html] [plain] #### :: // -> %50% \\n \\* <b> &amp; &#35; ]]> -- --> {1:SA:=a} "
    "$CATEGORY: TRUE ___ ____ 乡村振兴 𠮷 é"
)
WORDS = [*SIGNS_TOGETHER.split(" "), "ANSWER: A", "  ", "\n\n"]
TOPICS = ["02", "0203", "政策/衔接", "top", "$course$/x"]
PNG = b"\x89PNG\r\n\x1a\n"

_characters = st.one_of(
    st.sampled_from(SIGNS),
    st.sampled_from("甲乙丙丁abcXYZ0123456789，。？“”"),
    st.characters(exclude_categories=("C", "Z")),
)


def is_text(text: str) -> bool:
    return bool(text) and text == text.strip()


def texts(longest: int = 12, *, one_line: bool = False) -> st.SearchStrategy[str]:
    pieces = st.lists(st.one_of(_characters, st.sampled_from(WORDS)), min_size=1, max_size=longest)
    joined = pieces.map("".join)
    if one_line:
        joined = joined.map(lambda text: " ".join(text.split("\n")))
    return joined.map(str.strip).filter(is_text)


def _optional(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), strategy)


_about = {
    "explanation": _optional(texts()),
    "basis": _optional(texts(6, one_line=True)),
    "document_number": _optional(texts(4, one_line=True)),
    "region": _optional(texts(3, one_line=True)),
    "valid_from": st.one_of(st.none(), st.dates(date(1, 1, 1))),
    "valid_to": st.one_of(st.none(), st.dates(date(1, 1, 1))),
    "difficulty": st.one_of(st.none(), st.sampled_from(Difficulty)),
    "entry": _optional(texts(4, one_line=True)),
    "topic": _optional(st.one_of(st.sampled_from(TOPICS), texts(4, one_line=True))),
}


@st.composite
def _choices(draw: st.DrawFn, kind: Kind) -> QuestionDraft:
    written = draw(st.lists(texts(5), min_size=2, max_size=11, unique=True))
    fewest = 1 if kind == Kind.SINGLE else 2
    right = draw(st.sets(st.integers(0, len(written) - 1), min_size=fewest, max_size=1 if fewest == 1 else None))
    options = tuple(DraftOption(text, place in right, draw(st.booleans())) for place, text in enumerate(written))
    return _with_rest(draw, kind=kind, stem=draw(texts()), options=options, options_in_order=draw(st.booleans()))


@st.composite
def _statements(draw: st.DrawFn) -> QuestionDraft:
    return _with_rest(draw, kind=Kind.TRUE_FALSE, stem=draw(texts()), statement_is_true=draw(st.booleans()))


@st.composite
def _fills(draw: st.DrawFn) -> QuestionDraft:
    pieces = draw(st.lists(_optional(texts(5)), min_size=2, max_size=5))
    stem = "____".join(pieces).strip()
    accepted = st.lists(texts(4, one_line=True), min_size=1, max_size=3, unique=True).map(tuple)
    blanks = tuple(draw(accepted) for _ in range(stem.count("____")))
    return _with_rest(draw, kind=Kind.FILL, stem=stem, blanks=blanks, blanks_in_any_order=draw(st.booleans()))


@st.composite
def _shorts(draw: st.DrawFn) -> QuestionDraft:
    return _with_rest(draw, kind=Kind.SHORT, stem=draw(texts()), marking_guide=draw(texts()))


def _with_rest(draw: st.DrawFn, **fields: object) -> QuestionDraft:
    about = {name: draw(strategy) for name, strategy in _about.items()}
    return QuestionDraft(place="", **fields, **about)


def images() -> st.SearchStrategy[tuple[Picture, ...]]:
    names = st.lists(st.sampled_from(["a.png", "图 1.png", "b#2%.png", "c'd&.png"]), max_size=3, unique=True)
    contents = st.binary(max_size=40).map(PNG.__add__)
    described = _optional(texts(3, one_line=True))
    return names.flatmap(
        lambda chosen: st.tuples(*(st.builds(Picture, st.just(name), contents, described) for name in chosen))
    )


def drafts() -> st.SearchStrategy[QuestionDraft]:
    return st.one_of(_choices(Kind.SINGLE), _choices(Kind.MULTIPLE), _statements(), _fills(), _shorts())


@st.composite
def files(draw: st.DrawFn, *, with_images: bool = False) -> list[QuestionDraft]:
    """The questions of one file; a key names one of them."""
    found = draw(st.lists(drafts(), min_size=1, max_size=4))
    keys = draw(st.lists(_optional(texts(4, one_line=True)), min_size=len(found), max_size=len(found)))
    used: set[str] = set()
    for place, key in enumerate(keys):
        found[place] = replace(
            found[place], key="" if key in used else key, images=draw(images()) if with_images else ()
        )
        used.add(key)
    return found
