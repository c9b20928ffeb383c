// Brings the worker that keeps visited pages for reading without a network. Without it nothing is missing online.
const reader = document.querySelector("[data-offline-note]")?.dataset.offlineNote;

// Where pages are not kept safely (no HTTPS) there is no worker at all.
if (reader && navigator.serviceWorker) bring().catch(() => {});

async function bring() {
  const before = navigator.serviceWorker.controller?.scriptURL;
  const address = new URL(`/service-worker.js?for=${reader}`, location).href;
  const { installing, waiting, active } = await navigator.serviceWorker.register(address);
  if (before === address) return;
  // Not the one that is active yet: that may be the former reader's.
  const worker = installing ?? waiting ?? active;
  await activation(worker);
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const files = loaded.filter((name) => name.startsWith(`${location.origin}/static/`));
  worker.postMessage({ page: location.href.split("#")[0], files });
}

function activation(worker) {
  return new Promise((done) => {
    const look = () => worker.state === "activated" && done();
    worker.addEventListener("statechange", look);
    look();
  });
}
