// Brings every answer to the server, and keeps it until the server has said that it is there.
const RETRY_SECONDS = [1, 2, 4, 8, 15, 30];
const PATIENCE_MS = 15000;
// Browsers let a page that is going away send no more than 64 KB.
const KEEPALIVE_CHARACTERS = 15000;

export class Saving {
  /**
   * `listener` hears: state(name, values), stale(rows), refused(number, detail), closed(), server(body).
   * Nobody else writes `sequences`: the newest known writing of each question.
   */
  constructor({ url, capability, clock, queue, sequences, listener }) {
    Object.assign(this, { url, capability, clock, queue, sequences, listener });
    this.failures = 0;
    this.ended = false;
    addEventListener("online", () => this.flush());
  }

  /** Remembers an answer at once and sends it after `delay` milliseconds. */
  change(number, answer, flagged, delay = 0) {
    const sequence = Math.max((this.sequences.get(number) ?? 0) + 1, Math.round(this.clock.now()));
    this.sequences.set(number, sequence);
    this.queue.put({ number, answer, sequence, flagged });
    if (this.failures === 0) this.listener.state("saving");
    this.schedule(delay);
  }

  /** Sends what waits, one call at a time. Resolves to whether nothing is left. */
  flush() {
    clearTimeout(this.timer);
    this.sending ??= this.send().finally(() => (this.sending = null));
    return this.sending;
  }

  schedule(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  async send() {
    while (this.queue.size && !this.ended) {
      this.listener.state("saving");
      const batch = this.queue.all();
      const response = await this.call("responses/", { method: "PATCH", body: JSON.stringify({ responses: batch }) });
      if (!(await this.settle(batch, response))) return false;
    }
    if (!this.ended) this.listener.state("saved");
    return this.queue.size === 0;
  }

  /** What one answer of the server means; whether sending may go on. */
  async settle(batch, response) {
    if (!response) return this.retry("offline");
    if (response.ok) return this.acknowledge(batch, await body(response));
    const problem = await body(response);
    if (response.status === 401) return this.renew();
    if (response.status === 409 && problem.code === "attempt_closed") return this.end();
    if (response.status === 429 || response.status >= 500) {
      return this.retry("unavailable", Number(response.headers.get("Retry-After")));
    }
    return this.refuse(problem);
  }

  acknowledge(batch, { stale = [], ...answer }) {
    this.failures = 0;
    this.renewed = false;
    this.queue.settle(batch);
    for (const { number, sequence } of stale) {
      this.sequences.set(number, Math.max(this.sequences.get(number) ?? 0, sequence));
    }
    const replaced = stale.filter(({ number }) => !this.queue.answers.has(number));
    if (replaced.length) this.listener.stale(replaced);
    this.listener.server(answer);
    return true;
  }

  retry(state, seconds) {
    const wait = seconds || RETRY_SECONDS[Math.min(this.failures, RETRY_SECONDS.length - 1)];
    this.failures += 1;
    this.listener.state(state, { n: this.queue.size });
    this.schedule(wait * 1000 * (0.8 + Math.random() * 0.4));
    return false;
  }

  /** The page's right to write has ended: a session that still stands gives a new one, once. */
  async renew() {
    const isNew = !this.renewed && (await this.refresh());
    this.renewed = true;
    if (!isNew && !this.ended) this.listener.state("signed-out", { n: this.queue.size });
    return isNew;
  }

  /** Asks the server how things stand; whether the page may write now. */
  async refresh() {
    const response = await this.call("", {});
    if (!response?.ok) return false;
    const attempt = await body(response);
    this.listener.server(attempt);
    if (!attempt.grant) return this.end();
    this.capability = attempt.grant;
    return true;
  }

  end() {
    if (!this.ended) this.listener.closed();
    this.ended = true;
    return false;
  }

  /** One answer that does not fit must not keep the others back. */
  refuse({ number, detail = "" }) {
    if (!this.queue.answers.has(number)) {
      this.listener.state("refused", { detail });
      return false;
    }
    this.queue.drop(number);
    this.listener.refused(number, detail);
    return true;
  }

  /** Tells the server without waiting for what it says. */
  tell(path) {
    this.call(path, { method: "POST", keepalive: true });
  }

  /** The response, or null when the network is away. */
  call(path, options) {
    const headers = { Accept: "application/json" };
    if (options.method) headers.Authorization = `Attempt ${this.capability}`;
    if (options.body) headers["Content-Type"] = "application/json";
    return fetch(this.url + path, {
      keepalive: (options.body?.length ?? 0) < KEEPALIVE_CHARACTERS,
      signal: AbortSignal.timeout?.(PATIENCE_MS),
      credentials: "same-origin",
      ...options,
      headers,
    }).catch(() => null);
  }
}

function body(response) {
  return response.json().catch(() => ({}));
}
