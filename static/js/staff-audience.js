/* Shows only what the chosen audience asks for. Fields name their audiences in data-for-audiences. */

const chosen = () => document.querySelector('[name="audience"]:checked')?.value ?? "";

function show() {
  for (const field of document.querySelectorAll("[data-for-audiences]")) {
    field.hidden = !field.dataset.forAudiences.split(" ").includes(chosen());
  }
}

document.addEventListener("change", (event) => {
  if (event.target.name === "audience") show();
});
document.addEventListener("DOMContentLoaded", show);
if (document.readyState !== "loading") show();
