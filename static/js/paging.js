// One question a screen. The address names it, so that back, forward and reload stay where one was.
const PREFIX = "#question-";

export class Paging {
  constructor(questions, onShow) {
    this.questions = questions;
    this.onShow = onShow;
    addEventListener("hashchange", () => this.follow({ focus: true }));
    this.follow({ focus: false });
  }

  get current() {
    const number = Number(location.hash.startsWith(PREFIX) ? location.hash.slice(PREFIX.length) : NaN);
    return this.questions.has(number) ? number : this.questions.keys().next().value;
  }

  go(number) {
    if (this.questions.has(number)) location.hash = PREFIX + number;
  }

  follow({ focus }) {
    const shown = this.current;
    for (const [number, question] of this.questions) question.hidden = number !== shown;
    if (focus) this.focus(shown);
    this.onShow(shown);
  }

  focus(number) {
    const heading = this.questions.get(number).querySelector("h2");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}
