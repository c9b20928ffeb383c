// Signing out leaves nothing of this person on the device.
import { forgetCopies } from "./copies.js";
import { forgetEverything } from "./queue.js";

// Nobody waits for a browser that hangs: the server's answer clears the same things once more.
const PATIENCE_MS = 2000;

for (const form of document.querySelectorAll("[data-sign-out]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    forgetEverything();
    await Promise.race([forgetCopies(), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
    form.submit();
  });
}
