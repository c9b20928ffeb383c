// The answer card as a page of its own: only the time goes on.
import { ServerClock } from "./clock.js";
import { Countdown } from "./countdown.js";

const bar = document.querySelector("[data-timer]");

new Countdown(bar, new ServerClock(Number(bar.dataset.serverTime)), {
  onEnd: () => location.replace(location.pathname),
});
