// Fetches a part of the page every few seconds and puts it in place of the old one. It rests while nobody looks,
// and tries again more slowly when the server does not answer.
const EVERY_MS = 5_000;
const SLOWEST_MS = 60_000;

const part = document.querySelector("[data-refreshed]");
let pause = EVERY_MS;

async function refresh() {
  if (!document.hidden) {
    try {
      const answer = await fetch(part.dataset.refreshed, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (answer.redirected || answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(answer.status);
      replace(await answer.text());
      pause = EVERY_MS;
    } catch {
      pause = Math.min(pause * 2, SLOWEST_MS);
    }
  }
  setTimeout(refresh, pause);
}

/** Whoever stands on a name with the keyboard stays on it. */
function replace(text) {
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  part.innerHTML = text;
  if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

if (part) setTimeout(refresh, pause);
