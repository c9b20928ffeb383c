// Takes away what was kept on this device for reading without a network.
const PREFIX = "yingzhi-copies:";

/** Never fails: a browser that keeps nothing has nothing to forget. */
export async function forgetCopies() {
  try {
    const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    await Promise.all(registrations.map((registration) => registration.unregister()));
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
    await Promise.all(names.map((name) => caches.delete(name)));
  } catch {}
}
