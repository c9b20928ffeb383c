// Answers that the server has not acknowledged yet, kept on the device, one record per attempt.
const PREFIX = "yingzhi-answers:";

/** The unsent answers of one attempt by question number; survives a reload and a closed browser. */
export class Queue {
  constructor(attempt) {
    this.key = PREFIX + attempt;
    this.answers = new Map(read(this.key).map((answer) => [answer.number, answer]));
  }

  get size() {
    return this.answers.size;
  }

  all() {
    return [...this.answers.values()];
  }

  put(answer) {
    this.answers.set(answer.number, answer);
    this.keep();
  }

  /** Forgets what was acknowledged, unless it was changed again meanwhile. */
  settle(sent) {
    for (const { number, sequence } of sent) {
      if (this.answers.get(number)?.sequence === sequence) this.answers.delete(number);
    }
    this.keep();
  }

  drop(number) {
    this.answers.delete(number);
    this.keep();
  }

  forget() {
    this.answers.clear();
    this.keep();
  }

  keep() {
    try {
      if (this.size) localStorage.setItem(this.key, JSON.stringify(this.all()));
      else localStorage.removeItem(this.key);
    } catch {
      // Storage is full or forbidden: the answers stay in this page, and the save state says they are not uploaded.
    }
  }
}

/** Whatever was left by any attempt; for signing out. */
export function forgetEverything() {
  try {
    Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .forEach((key) => localStorage.removeItem(key));
  } catch {
    // Nothing could be kept either.
  }
}

function read(key) {
  try {
    const answers = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(answers) ? answers.filter((answer) => Number.isInteger(answer?.number)) : [];
  } catch {
    return [];
  }
}
