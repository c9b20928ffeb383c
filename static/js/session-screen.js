// The page for the projector: counts down to the next code and fetches it a moment before it is due to be shown,
// and the number of people who are there every few seconds.
import { ServerClock } from "./clock.js";

const EVERY_MS = 5_000;
const RETRY_MS = 2_000;

const home = document.querySelector("[data-screen]");
const state = document.querySelector("[data-screen-state]");
const full = document.querySelector("[data-full-screen]");
let clock = null;
let timer = null;
let drawnFor = null;

read();
setInterval(tick, 250);
plan(EVERY_MS);
addEventListener("visibilitychange", () => document.hidden || fetchNow());
if (document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener("click", () => document.documentElement.requestFullscreen());
  addEventListener("fullscreenchange", () => (full.hidden = Boolean(document.fullscreenElement)));
}

function read() {
  const { at, changesAt } = home.querySelector("[data-screen-body]").dataset;
  drawnFor = Number(changesAt) || null;
  if (!at) return;
  if (clock) clock.hear(Number(at));
  else clock = new ServerClock(Number(at));
}

function tick() {
  if (!drawnFor || !clock) return;
  const left = Math.max(Math.ceil((drawnFor - clock.now()) / 1000), 0);
  home.querySelector("[data-seconds]").textContent = left;
  home.querySelector("[data-seconds-line]").value = left;
}

function plan(wait) {
  clearTimeout(timer);
  const untilChange = drawnFor && clock ? drawnFor - clock.now() + 50 : wait;
  timer = setTimeout(fetchNow, Math.max(Math.min(wait, untilChange), 250));
}

async function fetchNow() {
  clearTimeout(timer);
  try {
    const answer = await fetch(home.dataset.screen, {
      headers: { "X-Requested-With": "XMLHttpRequest" },
      signal: AbortSignal.timeout?.(8_000),
    });
    if (answer.redirected) return location.reload();
    if (!answer.ok) throw new Error(answer.status);
    home.innerHTML = await answer.text();
    state.hidden = true;
    read();
    tick();
    plan(EVERY_MS);
  } catch {
    state.hidden = false;
    state.dataset.state = "offline";
    timer = setTimeout(fetchNow, RETRY_MS);
  }
}
