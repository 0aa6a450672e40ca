/**
 * Sends events as GitHub does: signed, each by a request of its own, in no certain order, and never twice by itself.
 */
import { createHmac, randomUUID } from "node:crypto";
import type { HookEvent } from "./changes.ts";

/** The fate of one delivery on its way. */
export interface Fate {
  /** Milliseconds. */
  readonly delay?: number;
  /** Lost inside GitHub: it is not delivered, and no list shows it. */
  readonly lost?: boolean;
  /** Sent so often; 1 when absent. */
  readonly copies?: number;
}

export interface HookOptions {
  readonly url: string;
  readonly secret: string;
  readonly fate?: ((event: HookEvent) => Fate) | undefined;
}

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly delivered_at: string;
  readonly redelivery: boolean;
  readonly duration: number;
  readonly status: string;
  readonly status_code: number;
  readonly event: string;
  readonly action: string | null;
  readonly installation_id: null;
  readonly repository_id: number | null;
  readonly throttled_at: null;
}

interface Sent {
  readonly delivery: Delivery;
  readonly event: HookEvent;
}

/** GitHub's own patience. */
const answerWithinMs = 10_000;
const mostListed = 1_000;

export class Hooks {
  options: HookOptions | undefined;
  #sent: Sent[] = [];
  #nextId = 1;
  /** Deliveries that were begun so far. */
  sent = 0;
  #underWay = new Set<Promise<void>>();

  constructor(options: HookOptions | undefined) {
    this.options = options;
  }

  /** Newest first. */
  get deliveries(): readonly Delivery[] {
    return this.#sent.map(({ delivery }) => delivery).reverse();
  }

  deliver(events: readonly HookEvent[]): void {
    for (const event of events) {
      const { delay = 0, lost = false, copies = 1 } = this.options?.fate?.(event) ?? {};
      if (lost) continue;
      const guid = randomUUID();
      for (let copy = 0; copy < copies; copy += 1) this.#later(delay, () => this.#send(event, guid, false));
    }
  }

  /** Sends one again, with the guid that it had. */
  redeliver(id: number): boolean {
    const found = this.#sent.find(({ delivery }) => delivery.id === id);
    if (found) this.#later(0, () => this.#send(found.event, found.delivery.guid, true));
    return found !== undefined;
  }

  /** Resolves once nothing is on its way any more. */
  async quiet(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #later(delay: number, send: () => Promise<void>): void {
    const work = new Promise<void>((done) => setTimeout(done, delay)).then(send).catch(() => undefined);
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async #send(event: HookEvent, guid: string, redelivery: boolean): Promise<void> {
    const { options } = this;
    if (!options) return;
    this.sent += 1;
    const body = JSON.stringify(event.payload);
    const started = Date.now();
    const answer = await fetch(options.url, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/emulator",
        "x-github-event": event.event,
        "x-github-delivery": guid,
        "x-github-hook-id": "1",
        "x-hub-signature-256": `sha256=${createHmac("sha256", options.secret).update(body).digest("hex")}`,
      },
      signal: AbortSignal.timeout(answerWithinMs),
    }).catch(() => undefined);
    await answer?.arrayBuffer();
    const { repository, action } = event.payload as { repository?: { id?: number }; action?: string };
    this.#sent.push({
      event,
      delivery: {
        id: this.#nextId++,
        guid,
        delivered_at: new Date(started).toISOString(),
        redelivery,
        duration: (Date.now() - started) / 1000,
        status: answer === undefined ? "failed to connect to host" : answer.ok ? "OK" : "Invalid HTTP Response",
        status_code: answer?.status ?? 0,
        event: event.event,
        action: action ?? null,
        installation_id: null,
        repository_id: repository?.id ?? null,
        throttled_at: null,
      },
    });
    if (this.#sent.length > mostListed) this.#sent.shift();
  }
}
