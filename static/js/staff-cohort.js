// Asks anew whom the rule of a course names, whenever a part of the rule is changed.

const FIELDS = ["division", "audience_division", "audience_role", "posted_since", "failed_exam", "missed_course"];
const WAIT_MS = 300;

const place = document.querySelector("[data-cohort-preview]");
const form = place?.closest("form");

if (form) {
  let waiting = 0;
  let asked = 0;

  const ask = async () => {
    const number = ++asked;
    const response = await fetch(place.dataset.cohortPreview, { method: "POST", body: new FormData(form) });
    // A later question may have been answered first.
    if (response.ok && !response.redirected && number === asked) place.innerHTML = await response.text();
  };

  form.addEventListener("change", (event) => {
    if (!FIELDS.includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
  });
}
