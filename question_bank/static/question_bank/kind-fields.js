// Shows only the panels that the chosen kind of question uses. A panel with something wrong in it always shows.
(() => {
  const ERRORS = ".error-message, .w-field--error, .help-block.help-critical";

  function showFor(kind) {
    for (const panel of document.querySelectorAll("[data-for-kinds]")) {
      const isUsed = !kind || panel.dataset.forKinds.split(" ").includes(kind);
      panel.hidden = !isUsed && !panel.querySelector(ERRORS);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const choice = document.getElementById("id_kind");
    if (!choice) return;
    choice.addEventListener("change", () => showFor(choice.value));
    showFor(choice.value);
  });
})();
