"""The page a test is taken on, as the person in front of it uses it."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from exams.models import Attempt
from question_bank.models import QuestionVersion
from tests.factories.exams import right_answers


class Sheet:
    """One open sheet. Questions are named by their number."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.save_state = page.locator("[data-save]")
        self.toast = page.locator("[data-toast]")
        self.card = page.locator("[data-dialog]")

    def question(self, number: int) -> Locator:
        return self.page.locator(f"#question-{number}")

    def go(self, number: int) -> Locator:
        """By the buttons at the foot, as a thumb does."""
        while not self.question(number).is_visible():
            shown = int(self.page.locator("[data-question]:visible").get_attribute("data-question") or 0)
            self.page.locator("[data-next]" if shown < number else "[data-previous]").click()
            expect(self.question(shown)).to_be_hidden()
        return self.question(number)

    def give(self, number: int, answer: dict[str, Any]) -> None:
        """Answer the question as it lies there; it must be on the screen."""
        question = self.question(number)
        for option in answer.get("options", []):
            question.locator(f"label.option:has(input[value='{option}'])").click()
        for place, text in enumerate(answer.get("blanks", [])):
            question.locator("input[type=text]").nth(place).fill(text)
        if "text" in answer:
            question.locator("textarea").fill(answer["text"])

    def given(self, number: int) -> dict[str, Any]:
        """What stands on the page."""
        question = self.question(number)
        match question.get_attribute("data-kind"):
            case "fill":
                return {"blanks": [field.input_value() for field in question.locator("input[type=text]").all()]}
            case "short":
                return {"text": question.locator("textarea").input_value()}
        picked = question.locator(f"input[name=q{number}]:checked").all()
        return {"options": sorted(str(box.get_attribute("value")) for box in picked)}

    def choice(self, number: int, place: int) -> dict[str, Any]:
        """The option at ``place`` from 0, as it stands on this paper."""
        box = self.question(number).locator(f"input[name=q{number}]").nth(place)
        return {"options": [str(box.get_attribute("value"))]}

    def saved(self) -> None:
        expect(self.save_state).to_have_attribute("data-state", "saved")
        expect(self.save_state).to_contain_text("已保存")

    def states(self) -> list[str]:
        """The squares of the open answer card."""
        return [str(square.get_attribute("data-state")) for square in self.card.locator(".square[href]").all()]


def stored(attempt: Attempt) -> dict[int, dict[str, Any]]:
    """What the server holds of an attempt."""
    return {number: in_order(answer) for number, answer in attempt.responses.values_list("number", "answer")}


def keys(attempt: Attempt, **wishes: Any) -> dict[int, dict[str, Any]]:
    """The right answers of an attempt's paper; short answers say what they like."""
    return {answer.number: in_order(answer.answer) for answer in right_answers(attempt, **wishes)}


def in_order(answer: dict[str, Any]) -> dict[str, Any]:
    """Options are a set: which of them was ticked first says nothing."""
    return {"options": sorted(answer["options"])} if "options" in answer else answer


def kinds(attempt: Attempt) -> dict[int, str]:
    items = attempt.paper.rows()
    versions = QuestionVersion.objects.in_bulk([item.version_id for item in items])
    return {item.number: versions[item.version_id].kind for item in items}
