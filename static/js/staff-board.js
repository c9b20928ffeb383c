/* Fetches the board of a running exam every five seconds and puts it in place of the old one.
   It rests while nobody looks, and tries again more slowly when the server does not answer. */

const EVERY = 5_000;
const SLOWEST = 60_000;

const board = document.querySelector("[data-board]");
let pause = EVERY;

async function refresh() {
  if (!document.hidden) {
    try {
      const answer = await fetch(board.dataset.board, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      // Signed out for idling: asking for the page leads to the sign-in, and back here.
      if (answer.redirected || answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(answer.status);
      board.innerHTML = await answer.text();
      pause = EVERY;
    } catch {
      pause = Math.min(pause * 2, SLOWEST);
    }
  }
  setTimeout(refresh, pause);
}

if (board) setTimeout(refresh, pause);
