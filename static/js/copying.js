// A button beside a field that copies what stands in it; without a script, or without leave to copy, there is none.
for (const place of document.querySelectorAll("[data-copying]")) {
  const field = place.querySelector("input");
  const button = place.querySelector("button");
  if (!navigator.clipboard) continue;
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    } catch {
      field.focus();
    }
  });
}
