// The answer card as a sheet, and the last step behind it: nothing is handed in while an answer is still unsent.
import { say } from "./words.js";

// More than these say nothing that the squares do not show better.
const MOST_LISTED = 12;

export class HandIn {
  constructor({ dialog, card, queue, saving, paging, leave }) {
    Object.assign(this, { dialog, card, queue, saving, paging, leave });
    this.form = this.part("hand-in");
    this.home = document.querySelector("[data-card-home]");
    this.squares = document.querySelector("[data-card]");
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.part("close-card").addEventListener("click", () => dialog.close());
    this.part("go-missing").addEventListener("click", () => this.go(this.card.missing()[0]));
    this.squares.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
    dialog.addEventListener("close", () => this.home.append(this.squares));
  }

  part(name) {
    return this.dialog.querySelector(`[data-${name}]`);
  }

  open() {
    this.part("card-slot").append(this.squares);
    this.part("hand-in-problem").hidden = true;
    this.showMissing(this.card.missing());
    this.dialog.showModal();
    this.dialog.scrollTop = 0;
  }

  showMissing(missing) {
    const button = this.part("hand-in-button");
    const go = this.part("go-missing");
    this.part("missing").hidden = go.hidden = missing.length === 0;
    this.part("missing-count").textContent = say("missing", { n: missing.length });
    const isLong = missing.length > MOST_LISTED;
    this.part("missing-list").textContent = isLong ? "" : say("missing-list", { numbers: missing.join(say("comma")) });
    go.textContent = say("go-missing", { number: missing[0] });
    button.textContent = say(missing.length ? "hand-in-anyway" : "hand-in");
    if (missing.length) button.dataset.kind = "grave";
    else delete button.dataset.kind;
  }

  go(number) {
    this.dialog.close();
    this.paging.go(number);
    this.paging.focus(number);
  }

  async submit(event) {
    event.preventDefault();
    const button = this.part("hand-in-button");
    const problem = this.part("hand-in-problem");
    button.disabled = true;
    problem.hidden = true;
    const isSent = await this.saving.flush();
    if (this.saving.ended) return;
    if (isSent) {
      this.queue.forget();
      this.leave();
      this.form.submit();
      return;
    }
    problem.textContent = say("unsent", { n: this.queue.size });
    problem.hidden = false;
    button.disabled = false;
  }
}
