"""One question as a QTI item."""

from xml.sax.saxutils import escape, quoteattr

from common.chinese import strip_controls
from common.markup import markup
from question_bank.domain.exporting.qti_dialects import Dialect
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.importing.notes import as_comment
from question_bank.enums import Kind
from question_bank.validators import BLANK_MARK

RESPONSE = "RESPONSE"
_TITLE_LENGTH = 60
_NO_FEEDBACK = "NONE"


def item_xml(draft: QuestionDraft, dialect: Dialect, *, identifier: str, note: str, pictures: list[str]) -> str:
    """The document. ``pictures`` are the addresses of the images of the draft, as the item sees them."""
    parts = [
        f"<!--{as_comment(note)}-->" if note else "",
        *_declarations(draft, dialect),
        *_outcomes(draft, dialect),
        _body(draft, dialect, pictures=pictures),
        _processing(draft, dialect),
        _feedback(draft, dialect),
    ]
    item = dialect.element(
        "assessmentItem",
        *filter(None, parts),
        xmlns=dialect.namespace,
        identifier=identifier,
        title=_clean((draft.key or draft.stem)[:_TITLE_LENGTH].replace("\n", " ")),
        adaptive="false",
        timeDependent="false",
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{item}\n'


def _declarations(draft: QuestionDraft, dialect: Dialect) -> list[str]:
    if draft.kind == Kind.SHORT:
        return [dialect.element("responseDeclaration", identifier=RESPONSE, cardinality="single", baseType="string")]
    if draft.kind == Kind.FILL:
        return [_typed(accepted, number, dialect) for number, accepted in enumerate(draft.blanks, 1)]
    names = "".join(dialect.element("value", name) for name, _text, is_right, _fixed in _options(draft) if is_right)
    return [
        dialect.element(
            "responseDeclaration",
            dialect.element("correctResponse", names),
            identifier=RESPONSE,
            cardinality="multiple" if draft.kind == Kind.MULTIPLE else "single",
            baseType="identifier",
        )
    ]


def _typed(accepted: tuple[str, ...], number: int, dialect: Dialect) -> str:
    entries = [
        dialect.element("mapEntry", mapKey=_clean(text), mappedValue="1", caseSensitive="false") for text in accepted
    ]
    return dialect.element(
        "responseDeclaration",
        dialect.element("correctResponse", dialect.element("value", escape(_clean(accepted[0])))),
        dialect.element("mapping", *entries, defaultValue="0"),
        identifier=f"{RESPONSE}_{number}",
        cardinality="single",
        baseType="string",
    )


def _outcomes(draft: QuestionDraft, dialect: Dialect) -> list[str]:
    score = dialect.element("outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    feedback = dialect.element("outcomeDeclaration", identifier="FEEDBACK", cardinality="single", baseType="identifier")
    return [score, feedback] if draft.explanation else [score]


def _options(draft: QuestionDraft) -> list[tuple[str, str, bool, bool]]:
    """Name, text, whether it is right and whether it keeps its place."""
    if draft.kind == Kind.TRUE_FALSE:
        is_true = bool(draft.statement_is_true)
        return [("true", "对", is_true, True), ("false", "错", not is_true, True)]
    return [
        (f"C{place}", option.text, option.is_right, option.is_anchored) for place, option in enumerate(draft.options, 1)
    ]


def _body(draft: QuestionDraft, dialect: Dialect, *, pictures: list[str]) -> str:
    stem = markup(_clean(draft.stem))
    if draft.kind == Kind.FILL:
        first, *rest = stem.split(BLANK_MARK)
        entries = [dialect.element("textEntryInteraction", responseIdentifier=f"{RESPONSE}_{number}")
                   for number in range(1, len(rest) + 1)]  # fmt: skip
        stem = first + "".join(entry + piece for entry, piece in zip(entries, rest, strict=True))
    shown = "".join(
        f"<p><img src={quoteattr(source)} alt={quoteattr(_clean(image.description))}/></p>"
        for source, image in zip(pictures, draft.images, strict=True)
    )
    guide = _guide(draft, dialect)
    return dialect.element("itemBody", guide, stem, shown, _task(draft, dialect))


def _guide(draft: QuestionDraft, dialect: Dialect) -> str:
    if draft.kind != Kind.SHORT:
        return ""
    guide = dialect.beside(markup(_clean(draft.marking_guide)))
    # Version 3 wants to know what it is for, version 2 lets it be said.
    return dialect.element("rubricBlock", guide, use="scoring", view="scorer")


def _task(draft: QuestionDraft, dialect: Dialect) -> str:
    if draft.kind == Kind.FILL:
        return ""
    if draft.kind == Kind.SHORT:
        return dialect.element("extendedTextInteraction", responseIdentifier=RESPONSE)
    choices = [
        dialect.element("simpleChoice", markup(_clean(text)), identifier=name, fixed="true" if is_fixed else "false")
        for name, text, _is_right, is_fixed in _options(draft)
    ]
    return dialect.element(
        "choiceInteraction",
        *choices,
        responseIdentifier=RESPONSE,
        shuffle="false" if draft.options_in_order or draft.kind == Kind.TRUE_FALSE else "true",
        maxChoices="0" if draft.kind == Kind.MULTIPLE else "1",
    )


def _processing(draft: QuestionDraft, dialect: Dialect) -> str:
    """A choice is right or wrong as a whole; every blank earns a point."""
    if draft.kind == Kind.SHORT:
        return ""
    if draft.kind != Kind.FILL:
        return dialect.element("responseProcessing", template=dialect.match_correct)
    earned = [
        dialect.element("mapResponse", identifier=f"{RESPONSE}_{number}") for number in range(1, len(draft.blanks) + 1)
    ]
    total = dialect.element("setOutcomeValue", dialect.element("sum", *earned), identifier="SCORE")
    return dialect.element("responseProcessing", total)


def _feedback(draft: QuestionDraft, dialect: Dialect) -> str:
    """The explanation: hidden only where ``FEEDBACK`` says so, which nothing does."""
    if not draft.explanation:
        return ""
    content = dialect.beside(markup(_clean(draft.explanation)))
    return dialect.element(
        "modalFeedback", content, outcomeIdentifier="FEEDBACK", identifier=_NO_FEEDBACK, showHide="hide"
    )


def _clean(text: str) -> str:
    return strip_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
