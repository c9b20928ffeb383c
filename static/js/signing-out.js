// Signing out leaves nothing of this person on the device.
import { forgetEverything } from "./queue.js";

for (const form of document.querySelectorAll("[data-sign-out]")) {
  form.addEventListener("submit", () => forgetEverything());
}
