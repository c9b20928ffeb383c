// The server's time on this page. Setting the device's own clock changes nothing.

// Smaller differences are the journey of the answer, not a clock that went wrong.
const TOLERANCE_MS = 1500;

export class ServerClock {
  /** `serverTime` was true when the first byte of this page arrived, or a little before. */
  constructor(serverTime) {
    const navigation = performance.getEntriesByType("navigation")[0];
    this.offset = serverTime - (navigation?.responseStart ?? performance.now());
  }

  now() {
    return performance.now() + this.offset;
  }

  /** A sleeping device may stop its counter: what the server says now puts it right. */
  hear(serverTime) {
    if (Number.isFinite(serverTime) && Math.abs(serverTime - this.now()) > TOLERANCE_MS) {
      this.offset = serverTime - performance.now();
    }
  }
}
