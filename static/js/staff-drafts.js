// The editor stores a draft by itself while one writes. A form sent while such a draft is still on its way would be
// stored beside it: a new question twice, a new row twice. So it waits for the answer, and no draft follows it.

const form = document.querySelector("[data-edit-form]");
let underWay = false;
let waiting = null;
let sent = false;

function settle() {
  underWay = false;
  if (!waiting) return;
  // The button that shows progress is disabled by now, and what is disabled is not sent.
  if (waiting.submitter) waiting.submitter.disabled = false;
  form.requestSubmit(waiting.submitter);
}

form.addEventListener("w-autosave:save", (event) => {
  if (sent || waiting) event.preventDefault();
  else underWay = true;
});
form.addEventListener("w-autosave:success", settle);
form.addEventListener("w-autosave:error", settle);

document.addEventListener("submit", (event) => {
  if (event.target !== form || event.defaultPrevented) return;
  if (underWay) {
    event.preventDefault();
    waiting = { submitter: event.submitter };
  } else {
    sent = true;
  }
});
