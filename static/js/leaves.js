// Notes that the page went out of sight. It is shown to the member and costs nothing.

/** Calls `onLeave` when the page is hidden, not when it is left for good, and `onReturn` when it is seen again. */
export function watchLeaves({ onLeave, onReturn }) {
  let isUnloading = false;
  addEventListener("pagehide", () => (isUnloading = true));
  addEventListener("pageshow", () => (isUnloading = false));
  document.addEventListener("visibilitychange", () => {
    if (isUnloading) return;
    if (document.visibilityState === "hidden") onLeave();
    else onReturn();
  });
}
