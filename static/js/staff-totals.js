/* Adds up the rows of a blueprint while one types: how many questions, how many points. */

const number = (row, name) => Number(row.querySelector(`[name$="-${name}"]`)?.value || 0);

function add() {
  const output = document.querySelector("[data-totals]");
  if (!output) return;
  let questions = 0;
  let points = 0;
  for (const count of document.querySelectorAll('[name^="rows-"][name$="-count"]')) {
    const row = count.closest("[data-inline-panel-child]");
    if (!row || row.querySelector('[name$="-DELETE"]')?.value) continue;
    questions += number(row, "count");
    points += number(row, "count") * number(row, "points_each");
  }
  output.querySelector("[data-questions]").textContent = questions;
  output.querySelector("[data-points]").textContent = Math.round(points * 100) / 100;
}

document.addEventListener("input", add);
// A deleted row says so without an event of its own.
document.addEventListener("click", () => setTimeout(add, 300));
document.addEventListener("DOMContentLoaded", add);
