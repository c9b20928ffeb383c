"""The key of a QTI item: ``responseDeclaration`` with its ``correctResponse`` and ``mapping``."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from lxml import etree

from question_bank.domain.importing.findings import ONE_TICKED, PARTIAL, UNEVEN, Findings, NotTaken, clean
from question_bank.domain.importing.numbers import RANGE
from question_bank.domain.importing.qti_names import attribute, children, descendants, values
from question_bank.domain.importing.weights import MOST_ANSWERS, NO_RIGHT_OPTION, SEVERAL_RIGHT, TOO_MANY_ANSWERS
from question_bank.enums import Kind

# In response processing these mean that more than the listed answers may count as right.
_TOLERANT = frozenset(
    {"gte", "lte", "gt", "lt", "inside", "patternMatch", "equalRounded", "substring", "customOperator"}
)
_EDGE = 0.000_1

NO_DECLARATION = _("The file does not say which answer is right.")
DIFFERENT_KEYS = _("The file names two different keys.")


class Declarations:
    def __init__(self, item: etree._Element, findings: Findings) -> None:
        self._item, self._findings = item, findings
        self._by_name = {attribute(each, "identifier"): each for each in children(item, "responseDeclaration")}

    def correct(self, name: str) -> list[str]:
        found = self._by_name.get(name)
        return [clean(text) for each in children(found, "correctResponse") for text in values(each)]

    def of_choice(self, name: str, choices: Sequence[str]) -> tuple[Kind, frozenset[str]]:
        """The kind and the identifiers of the right options. Raises ``NotTaken`` where they are not certain."""
        declaration = self._declaration(name)
        if len(set(choices)) != len(choices):
            raise NotTaken(_("Two options have the same identifier."))
        mapped = {key: points for key, points in self._mapped(declaration) if points > 0}
        right = frozenset(self.correct(name)) or self._most(declaration, mapped)
        if not right:
            raise NotTaken(NO_RIGHT_OPTION)
        if not right <= set(choices):
            raise NotTaken(_("The right answer is not among the options."))
        return self._kind(declaration, right, mapped), right

    def of_text(self, name: str) -> tuple[str, ...]:
        """What a blank accepts: the correct response and whatever earns as many points as it does."""
        declaration = self._declaration(name)
        points = dict(self._mapped(declaration))
        correct = self.correct(name)
        most = max(points.values(), default=0)
        if points and most <= 0:
            raise NotTaken(NO_DECLARATION)
        full = [text for text, earned in points.items() if earned >= most - _EDGE]
        if correct and points and not set(correct) <= set(full):
            raise NotTaken(DIFFERENT_KEYS)
        if any(0 < earned < most - _EDGE for earned in points.values()):
            self._findings.lose(PARTIAL)
        accepted = tuple(dict.fromkeys([*correct, *full]))
        if not accepted or not all(accepted):
            raise NotTaken(NO_DECLARATION)
        return accepted

    def refuse_tolerance(self) -> None:
        """Raises ``NotTaken`` where numbers near the right one, or patterns, count as right too."""
        for processing in children(self._item, "responseProcessing"):
            for name, element in descendants(processing):
                is_loose = attribute(element, "toleranceMode", "exact") != "exact" or (
                    name == "stringMatch" and attribute(element, "substring") == "true"
                )
                if name in _TOLERANT or is_loose:
                    raise NotTaken(RANGE)

    def _declaration(self, name: str) -> etree._Element:
        if name not in self._by_name:
            raise NotTaken(NO_DECLARATION)
        return self._by_name[name]

    def _mapped(self, declaration: etree._Element) -> list[tuple[str, float]]:
        entries = children(declaration, "mapping", "mapEntry")
        if len(entries) > MOST_ANSWERS:
            raise NotTaken(TOO_MANY_ANSWERS)
        try:
            return [(clean(attribute(each, "mapKey")), float(attribute(each, "mappedValue"))) for each in entries]
        except ValueError as error:
            raise NotTaken(_("The weight of an answer is not a number.")) from error

    def _most(self, declaration: etree._Element, mapped: dict[str, float]) -> frozenset[str]:
        """The options that together give most points: all that give any, unless only one may be chosen."""
        if attribute(declaration, "cardinality") == "multiple":
            return frozenset(mapped)
        most = max(mapped.values(), default=0)
        return frozenset(key for key, points in mapped.items() if points >= most - _EDGE)

    def _kind(self, declaration: etree._Element, right: frozenset[str], mapped: dict[str, float]) -> Kind:
        if mapped and not right >= set(mapped):
            self._findings.lose(PARTIAL)
        if attribute(declaration, "cardinality") != "multiple":
            if len(right) > 1:
                raise NotTaken(SEVERAL_RIGHT)
            return Kind.SINGLE
        if len(right) == 1:
            self._findings.lose(ONE_TICKED)
            return Kind.SINGLE
        if max(mapped.values(), default=0) - min(mapped.values(), default=0) > _EDGE:
            self._findings.lose(UNEVEN)
        return Kind.MULTIPLE
