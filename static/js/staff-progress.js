/* Shows how much is done, and opens the page anew when the exam or the file is in another state than data-working. */

const EVERY = 1_000;
const place = document.querySelector("[data-progress]");

async function look() {
  try {
    const answer = await fetch(place.dataset.progress, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    const { state, done, total } = await answer.json();
    if (state !== (place.dataset.working ?? "publishing")) return location.reload();
    if (place.querySelector("[data-done]")) show(done, total);
  } catch {
    // The next look may succeed; the work goes on without us.
  }
  setTimeout(look, EVERY);
}

function show(done, total) {
  place.querySelector("progress").max = total || 1;
  place.querySelector("progress").value = done;
  place.querySelector("[data-done]").textContent = done;
  place.querySelector("[data-total]").textContent = total;
}

if (place) setTimeout(look, EVERY);
