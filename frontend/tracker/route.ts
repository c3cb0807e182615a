// What the visitor did, sent in batches as a Segment library would, with the browser's key.

import type { Properties } from "./products";
import { newId, visitorId } from "./visitor";

export type Call =
  | { type: "page"; properties: Properties }
  | { type: "track"; event: string; properties: Properties };

const WAIT_MILLISECONDS = 1000;
const MOST_AT_ONCE = 50;
const MOST_KEPT = 200;

export class Route {
  #waiting: object[] = [];
  #timer = 0;
  #anonymousId = "";

  constructor(
    private readonly address: string,
    private readonly writeKey: string,
  ) {
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.#leave());
  }

  add(call: Call): void {
    if (this.#waiting.length >= MOST_KEPT) return;
    this.#anonymousId ||= visitorId();
    this.#waiting.push({
      ...call,
      anonymousId: this.#anonymousId,
      messageId: newId(),
      timestamp: new Date().toISOString(),
    });
    this.#later();
  }

  #later(): void {
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0;
      void this.#send();
    }, WAIT_MILLISECONDS);
  }

  async #send(): Promise<void> {
    const batch = this.#waiting.splice(0, MOST_AT_ONCE);
    if (batch.length === 0) return;
    let isBusy = false;
    try {
      // Plain text, so that a browser need not ask before it calls another site of the shop.
      const answer = await fetch(this.address, {
        method: "POST",
        headers: { "Content-Type": "text/plain" },
        body: this.#written(batch),
        keepalive: true,
      });
      isBusy = answer.status >= 500;
    } catch {
      isBusy = true;
    }
    // What was taken all the same is known by its id.
    if (isBusy) this.#waiting.unshift(...batch);
    else if (this.#waiting.length > 0) this.#later();
  }

  /** The page is gone before an answer could come. */
  #leave(): void {
    while (this.#waiting.length > 0) {
      const written = this.#written(this.#waiting.splice(0, MOST_AT_ONCE));
      navigator.sendBeacon(this.address, new Blob([written], { type: "text/plain" }));
    }
  }

  #written(batch: object[]): string {
    return JSON.stringify({ writeKey: this.writeKey, batch, sentAt: new Date().toISOString() });
  }
}
