/** Offers gh a way through this daemon, where everything about that way is certain. */
import { connect } from "node:tls";
import { checksCertificates } from "../../shared/certificates.ts";
import type { Invocation } from "../gh/engine.ts";
import { GhLeases } from "./gh-processes.ts";
import type { ViaGh, ViaGhOptions } from "./index.ts";
import { unsuited } from "./suited.ts";

export interface ViaOfferOptions extends Omit<ViaGhOptions, "onTrouble"> {
  /** The directory in which processes of gh leave their leases. */
  readonly leases: string;
  /** Checks that this process can reach a host as gh does; see {@link reachHost}. */
  readonly reach?: (apiHost: string) => Promise<void>;
}

/** How long a check of a way is valid, and how long a way is not offered after it failed, in milliseconds. */
const provenMs = 600_000;
const pauseMs = 60_000;
/** This many failures in a row close the way. */
const mostFailures = 2;

export class ViaOffer {
  readonly #options: ViaOfferOptions;
  readonly #leases: GhLeases;
  #holdBy: () => () => void = () => () => undefined;
  #gh: ViaGh | undefined;
  #loading: Promise<ViaGh> | undefined;
  /** The known hosts, by the names of their APIs, and until when. */
  readonly #reached = new Map<string, { readonly proven: boolean; readonly until: number }>();
  #pausedUntil = 0;
  #failures = 0;
  /** Commands whose requests were sent here. */
  given = 0;

  constructor(options: ViaOfferOptions) {
    this.#options = options;
    this.#leases = new GhLeases({ directory: options.leases, now: options.now, hold: () => this.#holdBy() });
  }

  /** Keeps the daemon running while a gh sends requests through it. */
  holdBy(hold: () => () => void): void {
    this.#holdBy = hold;
  }

  /** The directory of settings with which gh sends its requests here; undefined: gh runs with its own. */
  async directoryFor(invocation: Invocation): Promise<string | undefined> {
    const { now } = this.#options;
    if (unsuited(invocation) !== undefined || this.#pausedUntil > now()) return undefined;
    const gh = await this.#load();
    const overlay = await gh.overlay(invocation, (host) => this.#isProven(host));
    if ("refused" in overlay) return undefined;
    this.given++;
    this.#leases.begin();
    return overlay.directory;
  }

  /** The counters of requests; undefined before the first command. */
  get counters() {
    return this.#gh?.counters;
  }

  /** Resolves when no gh uses the way any more. */
  ended(): Promise<void> {
    return this.#leases.ended();
  }

  async close(): Promise<void> {
    await this.#gh?.close();
  }

  async #load(): Promise<ViaGh> {
    this.#loading ??= import("./index.ts").then(({ ViaGh: Loaded }) => {
      const onTrouble = (failed: boolean) => this.#note(failed);
      this.#gh = new Loaded({ ...this.#options, onTrouble });
      return this.#gh;
    });
    return this.#loading;
  }

  /** The comparison runs in the background: until it has ended, gh asks the host directly. */
  #isProven(host: string): boolean {
    const { now, reach = reachHost } = this.#options;
    const { proven = false, until } = this.#reached.get(host) ?? { until: 0 };
    if (until > now()) return proven;
    const note = (is: boolean) => this.#reached.set(host, { proven: is, until: now() + (is ? provenMs : pauseMs) });
    // The result is unknown while the check is in progress; it has a time limit.
    this.#reached.set(host, { proven: false, until: Number.POSITIVE_INFINITY });
    reach(host).then(
      () => note(true),
      () => note(false),
    );
    return false;
  }

  #note(failed: boolean): void {
    this.#failures = failed ? this.#failures + 1 : 0;
    if (this.#failures < mostFailures) return;
    this.#pausedUntil = this.#options.now() + pauseMs;
    this.#reached.clear();
    this.#failures = 0;
  }
}

const patienceMs = 5_000;

/**
 * gh trusts the system's certificates, Node its own: behind a proxy that signs for GitHub only one of them may connect.
 */
export function reachHost(host: string, port = 443): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, servername: host, port, ...checksCertificates });
  socket.setTimeout(patienceMs, () => socket.destroy(new Error("no answer in time")));
  socket.once("secureConnect", () => {
    socket.destroy();
    resolve();
  });
  socket.once("error", reject);
  return promise;
}
