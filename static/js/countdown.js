// Shows how much time is left, in figures, as a line and, seldom, in words for those who listen.
const LOW_SECONDS = 300;
const LAST_SECONDS = 10;
const SOON_SECONDS = 4;

export class Countdown {
  /** `onSoon` is called a few seconds before the end, `onEnd` at the end; each once. */
  constructor(bar, clock, { onSoon = () => {}, onEnd = () => {} } = {}) {
    this.bar = bar;
    this.clock = clock;
    this.closesAt = Number(bar.dataset.closesAt);
    this.onSoon = onSoon;
    this.onEnd = onEnd;
    this.announced = null;
    this.wasSoon = false;
    this.figure = bar.querySelector("[data-timer-figure]");
    this.word = bar.querySelector("[data-timer-word]");
    this.line = bar.querySelector("progress");
    this.announcement = bar.querySelector("[data-timer-announcement]");
    this.tick();
  }

  /** The server may have moved the end. */
  hear(closesAt) {
    if (Number.isFinite(closesAt)) this.closesAt = closesAt;
  }

  get secondsLeft() {
    return Math.max(Math.ceil((this.closesAt - this.clock.now()) / 1000), 0);
  }

  tick() {
    const left = this.secondsLeft;
    this.show(left);
    this.announce(left);
    if (left <= SOON_SECONDS && !this.wasSoon) {
      this.wasSoon = true;
      this.onSoon();
    }
    if (left > 0) setTimeout(() => this.tick(), ((this.closesAt - this.clock.now()) % 1000) + 20);
    else this.onEnd();
  }

  show(left) {
    const isLow = left <= LOW_SECONDS;
    this.bar.toggleAttribute("data-state", isLow);
    if (isLow) this.bar.dataset.state = "low";
    this.word.textContent = isLow ? this.bar.dataset.wordOnly : this.bar.dataset.wordLeft;
    this.figure.textContent = figures(left);
    this.line.value = left;
  }

  announce(left) {
    if (left === 0) this.say("over", this.bar.dataset.wordOver);
    else if (left <= LAST_SECONDS) this.say("last", this.bar.dataset.wordSeconds.replace("{n}", left));
    else if (left >= 60) this.say(Math.floor(left / 60), this.bar.dataset.wordMinutes.replace("{n}", Math.floor(left / 60)));
  }

  say(key, words) {
    const isFirst = this.announced === null;
    if (key === this.announced) return;
    this.announced = key;
    // What the page already shows when it opens need not be read out over its heading.
    if (!isFirst) this.announcement.textContent = words;
  }
}

/** `18:42`, or `1:18:42` above the hour. */
function figures(seconds) {
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  if (seconds >= 3600) parts.unshift(Math.floor(seconds / 3600));
  return parts.map((part, place) => (place === 0 && seconds >= 3600 ? part : String(part).padStart(2, "0"))).join(":");
}
