// An attempt that has ended leaves nothing on the device.
import { Queue } from "./queue.js";

new Queue(document.querySelector("[data-attempt-ended]").dataset.attemptEnded).forget();
