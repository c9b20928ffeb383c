// The page a test is taken on. Without this script it is one plain form; with it, one question a screen,
// and every answer is on its way as soon as it is given.
import { AnswerCard } from "./answer-card.js";
import { flagOf, readAnswer, writeAnswer } from "./answers.js";
import { ServerClock } from "./clock.js";
import { Countdown } from "./countdown.js";
import { HandIn } from "./handing-in.js";
import { watchLeaves } from "./leaves.js";
import { Paging } from "./paging.js";
import { Queue } from "./queue.js";
import { Saving } from "./saving.js";
import { say } from "./words.js";

const TYPING_MS = 600;
const TOAST_MS = 8000;
const LONG_AWAY_MS = 20000;
const TIME_UP_PATIENCE_MS = 4000;

const form = document.querySelector("[data-taking]");
const bar = document.querySelector("[data-timer]");
const part = (name) => document.querySelector(`[data-${name}]`);
const { attempt, attemptUrl, capability, sequences, signInUrl, zone } = form.dataset;

const questions = new Map(
  [...form.querySelectorAll("[data-question]")].map((question) => [Number(question.dataset.question), question]),
);
const numbers = [...questions.keys()];
const known = new Map(sequences.split(",").map((sequence, place) => [numbers[place], Number(sequence)]));
const clock = new ServerClock(Number(bar.dataset.serverTime));
const queue = new Queue(attempt);
const card = new AnswerCard(part("card"), questions);
const saving = new Saving({
  url: attemptUrl,
  capability,
  clock,
  queue,
  sequences: known,
  listener: { state: showState, stale: takeOver, refused: showRefusal, closed: leaveForResult, server: hear },
});
const countdown = new Countdown(bar, clock, { onSoon: () => saving.flush(), onEnd: timeUp });
const paging = new Paging(questions, showNumber);
const handIn = new HandIn({ dialog: part("dialog"), card, queue, saving, paging, leave: () => (isLeaving = true) });
let isLeaving = false;
let leaves = Number(part("leaves").dataset.leaves);

// -- what was left unsent ---------------------------------------------------------------------

function mergeQueue() {
  const found = queue.all().filter(({ number, sequence }) => questions.has(number) && sequence > known.get(number));
  for (const answer of queue.all()) if (!found.includes(answer)) queue.drop(answer.number);
  for (const { number, answer, flagged, sequence } of found) {
    show(number, answer, flagged);
    known.set(number, sequence);
  }
  if (found.length) toast(say("found", { n: found.length }));
  return found.length;
}

function show(number, answer, flagged) {
  const question = questions.get(number);
  writeAnswer(question, answer);
  flagOf(question).checked = Boolean(flagged);
  card.update(number);
  count();
}

// -- answering --------------------------------------------------------------------------------

function changed(event, delay) {
  const question = event.target.closest("[data-question]");
  if (!question) return;
  const number = Number(question.dataset.question);
  saving.change(number, readAnswer(question), flagOf(question).checked, delay);
  card.update(number);
  count();
}

const isText = (field) => field.matches("input[type=text], textarea");
form.addEventListener("input", (event) => isText(event.target) && changed(event, TYPING_MS));
// A text that is left is sent at once; one that did not change is not sent again.
form.addEventListener("change", (event) => (isText(event.target) ? saving.flush() : changed(event, 0)));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.value === "check") handIn.open();
  else saving.flush();
});

function takeOver(rows) {
  for (const { number, answer, flagged } of rows) show(number, answer, flagged);
  toast(say("stale", { numbers: rows.map(({ number }) => number).join(say("comma")) }));
}

// -- going from question to question ------------------------------------------------------------

function showNumber(number) {
  const place = numbers.indexOf(number);
  part("previous").disabled = place === 0;
  part("next").textContent = say(place === numbers.length - 1 ? "last" : "next");
  card.point(number);
}

function step(by) {
  const number = numbers[numbers.indexOf(paging.current) + by];
  if (number) paging.go(number);
  else handIn.open();
}

function count() {
  part("answered-count").textContent = `${numbers.length - card.missing().length}/${numbers.length}`;
}

part("previous").addEventListener("click", () => step(-1));
part("next").addEventListener("click", () => step(1));
part("open-card").addEventListener("click", () => handIn.open());

// -- what happened to my answer? ------------------------------------------------------------------

function showState(name, values = {}) {
  const state = part("save");
  state.dataset.state = { saved: "saved", ready: "saved", saving: "saving" }[name] ?? "offline";
  state.textContent = say(name, { time: timeOfDay(), ...values });
  if (name === "signed-out") {
    const link = Object.assign(document.createElement("a"), { href: signInUrl, textContent: say("sign-in") });
    state.append(" ", link);
  }
}

function showRefusal(number, detail) {
  toast(say("refused-one", { number, detail }));
}

function timeOfDay() {
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  return new Intl.DateTimeFormat("en-GB", format).format(clock.now());
}

function toast(words) {
  const place = part("toast");
  place.hidden = false;
  place.textContent = words;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (place.hidden = true), TOAST_MS);
}

// -- time, and going away -------------------------------------------------------------------------

function hear({ server_time: serverTime, closes_at: closesAt }) {
  clock.hear(Date.parse(serverTime));
  countdown?.hear(Date.parse(closesAt));
}

async function timeUp() {
  form.inert = true;
  toast(say("time-up"));
  await Promise.race([saving.flush(), new Promise((done) => setTimeout(done, TIME_UP_PATIENCE_MS))]);
  if (navigator.onLine === false) {
    showState("time-up-unsent", { n: queue.size });
    addEventListener("online", leaveForResult);
  } else leaveForResult();
}

function leaveForResult() {
  isLeaving = true;
  form.inert = true;
  toast(say("closed"));
  setTimeout(() => location.replace(location.pathname), 1200);
}

let leftAt = 0;
watchLeaves({
  onLeave() {
    leftAt = Date.now();
    saving.flush();
    saving.tell("leaves/");
    leaves += 1;
    part("leaves").textContent = say("left", { n: leaves });
  },
  onReturn() {
    toast(say("left", { n: leaves }));
    // A device that slept has a counter that stood still.
    if (Date.now() - leftAt > LONG_AWAY_MS) saving.refresh();
  },
});

addEventListener("beforeunload", (event) => {
  if (isLeaving || !queue.size) return;
  event.preventDefault();
  event.returnValue = "";
});

// -- beginning --------------------------------------------------------------------------------------

for (const block of document.querySelectorAll("[data-without-script]")) block.hidden = true;
for (const block of document.querySelectorAll("[data-with-script]")) block.hidden = false;
if (leaves) part("leaves").textContent = say("left", { n: leaves });
const unsent = mergeQueue();
// A browser that restores a form after a reload puts old ticks back: the squares go by what is shown.
card.updateAll();
count();
showState("ready");
if (unsent) saving.flush();
