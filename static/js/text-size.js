// Keeps the chosen text size for the next page; the page itself answers by CSS.
const form = document.querySelector("[data-text-size-form]");

form?.addEventListener("change", (event) => {
  document.documentElement.dataset.textSize = event.target.value;
  // Without a network the choice holds for this page only, and nothing need be said.
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual", keepalive: true }).catch(() => {});
});
