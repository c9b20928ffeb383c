// Brings a sign-in to the server and keeps at it until the server has said what became of it. Without this script
// the same form is sent by the browser, once.
import { say } from "./words.js";

const RETRY_SECONDS = [1, 2, 4, 8, 15];
const PATIENCE_MS = 10_000;

const outcome = document.querySelector("[data-outcome]");
const state = document.querySelector("[data-sending]");

outcome.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-signing-in]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  show("saving", "sending");
  send(form, new FormData(form), 0);
});

async function send(form, fields, failures) {
  const response = await post(form.action, fields);
  if (!response || response.status >= 500) return later(form, fields, failures);
  const text = await response.text();
  // Signed out of the product meanwhile: the code that was seen waits on the server, under this page's address.
  if (!text.includes("data-receipt") && !text.includes("data-refusal")) return location.reload();
  outcome.innerHTML = text;
  state.hidden = true;
  outcome.querySelector("#outcome, #code")?.focus();
}

function later(form, fields, failures) {
  show("offline", "offline");
  const seconds = RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length - 1)];
  // Three hundred phones that lost the same network do not come back in the same moment.
  setTimeout(() => send(form, fields, failures + 1), seconds * 1000 * (0.8 + Math.random() * 0.4));
}

/** The answer, or null when the network is away. */
function post(address, fields) {
  return fetch(address, {
    method: "POST",
    body: fields,
    headers: { "X-Requested-With": "XMLHttpRequest" },
    signal: AbortSignal.timeout?.(PATIENCE_MS),
  }).catch(() => null);
}

function show(kind, word) {
  state.dataset.state = kind;
  state.textContent = say(word).trim();
  state.hidden = false;
}
