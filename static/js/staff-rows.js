// One more blank row in a set of rows, without saving first. Without a script a blank row stands there after saving.

for (const button of document.querySelectorAll("[data-add-row]")) {
  const name = button.dataset.addRow;
  const template = document.querySelector(`[data-row-template="${name}"]`);
  const body = document.querySelector(`[data-row-set="${name}"] tbody`);
  const total = document.querySelector(`[name="${name}-TOTAL_FORMS"]`);
  const most = Number(document.querySelector(`[name="${name}-MAX_NUM_FORMS"]`).value);

  const settle = () => (button.hidden = Number(total.value) >= most);

  button.addEventListener("click", () => {
    const row = template.content.querySelector("tr").cloneNode(true);
    for (const part of row.querySelectorAll("[id], [name], [for]")) {
      for (const attribute of ["id", "name", "for"]) {
        const value = part.getAttribute(attribute);
        if (value) part.setAttribute(attribute, value.replace("__prefix__", total.value));
      }
    }
    body.append(row);
    total.value = Number(total.value) + 1;
    row.querySelector("input:not([type=hidden]), select").focus();
    settle();
  });

  button.parentElement.querySelector("[data-without-script]").hidden = true;
  settle();
}
