// Keeps the squares of the answer card true to the questions.
import { flagOf, isAnswered } from "./answers.js";

export class AnswerCard {
  constructor(card, questions) {
    this.words = card.dataset;
    this.questions = questions;
    this.squares = new Map(
      [...card.querySelectorAll(".square")].map((square) => [Number(square.hash.split("-").pop()), square]),
    );
  }

  update(number) {
    const question = this.questions.get(number);
    const states = [isAnswered(question) ? "answered" : "unanswered"];
    if (flagOf(question).checked) states.push("flagged");
    const square = this.squares.get(number);
    square.dataset.state = states.join(" ");
    square.lastElementChild.textContent = states.map((state) => this.words[`word${state[0].toUpperCase()}${state.slice(1)}`]).join("");
  }

  updateAll() {
    for (const number of this.questions.keys()) this.update(number);
  }

  point(number) {
    for (const [own, square] of this.squares) {
      if (own === number) square.setAttribute("aria-current", "true");
      else square.removeAttribute("aria-current");
    }
  }

  missing() {
    return [...this.questions].filter(([, question]) => !isAnswered(question)).map(([number]) => number);
  }
}
