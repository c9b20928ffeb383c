// Answers that the server has not acknowledged yet, kept on the device: one entry a question, so that two tabs
// of one browser never overwrite each other's.
const PREFIX = "yingzhi-answer:";

export class Queue {
  constructor(attempt) {
    this.prefix = `${PREFIX}${attempt}:`;
    this.answers = new Map(readAll(this.prefix).map((answer) => [answer.number, answer]));
  }

  get size() {
    return this.answers.size;
  }

  all() {
    return [...this.answers.values()];
  }

  put(answer) {
    this.answers.set(answer.number, answer);
    write(this.prefix + answer.number, answer);
  }

  /** Forgets what became of `sent`, unless it was changed again meanwhile. */
  settle(sent) {
    for (const { number, sequence } of sent) {
      if (this.answers.get(number)?.sequence <= sequence) this.drop(number);
    }
  }

  drop(number) {
    this.answers.delete(number);
    remove(this.prefix + number);
  }

  forget() {
    for (const number of [...this.answers.keys()]) this.drop(number);
  }
}

/** Whatever any attempt left on this device; for signing out. */
export function forgetEverything() {
  keys(PREFIX).forEach(remove);
}

/** Storage may be full or forbidden: then answers live in the page, and the save state says they are not sent. */
function write(key, answer) {
  try {
    localStorage.setItem(key, JSON.stringify(answer));
  } catch {}
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {}
}

function keys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function readAll(prefix) {
  return keys(prefix).map(readOne).filter(Boolean);
}

function readOne(key) {
  try {
    const answer = JSON.parse(localStorage.getItem(key));
    return Number.isInteger(answer.number) && Number.isInteger(answer.sequence) ? answer : null;
  } catch {
    return null;
  }
}
