/** The saved login, or the one a call brings: read once and kept until the files it came from change. */
import { type Connection, connectionStamp, readConnection } from "../shared/settings/connection.ts";
import type { Environment } from "../shared/settings/environment.ts";

export interface KnownConnection {
  /** Separates its kept answers from those of others; reveals nothing about the token. */
  readonly id: string;
  readonly connection: Connection;
}

interface Slot {
  readonly stamp: string;
  readonly known: Promise<KnownConnection | undefined>;
}

/** Variables of a call that change its connection. */
const deciding = [
  "HOME",
  "XDG_CONFIG_HOME",
  "OCTOPOOL_URL",
  "OCTOPOOL_TOKEN",
  "OCTOPOOL_POOL",
  "OCTOPOOL_CLIENT",
  "OCTOPOOL_ALLOW_INSECURE_LOGIN",
] as const;

/** Different callers' surroundings that are remembered; nearly always one. */
const mostSlots = 32;

export class Connections {
  readonly #slots = new Map<string, Slot>();
  readonly #ids = new Map<string, string>();
  readonly #now: () => number;
  #last: { readonly env: Environment; readonly known: KnownConnection; readonly at: number } | undefined;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Undefined when no login is saved.
   * @throws OctopoolError of `readConnection`, not remembered.
   */
  async of(env: Environment): Promise<KnownConnection | undefined> {
    const key = JSON.stringify(deciding.map((name) => env[name] ?? ""));
    const stamp = connectionStamp(env);
    const slot = this.#slots.get(key);
    if (slot?.stamp === stamp) return slot.known;
    const known = readConnection({ env }).then((connection) => connection && this.#identify(connection));
    this.#slots.delete(key);
    this.#slots.set(key, { stamp, known });
    if (this.#slots.size > mostSlots) this.#slots.delete(this.#slots.keys().next().value ?? "");
    known.catch(() => this.#slots.delete(key));
    return known;
  }

  /**
   * The result of {@link of} for this environment in this millisecond. A login that ends in it is seen in the next one:
   * no process that waited for it has begun by then.
   */
  ofThisMoment(env: Environment): KnownConnection | undefined {
    const last = this.#last;
    return last?.env === env && last.at === this.#now() ? last.known : undefined;
  }

  /** As {@link of}, and remembered for the rest of the millisecond. */
  async once(env: Environment): Promise<KnownConnection | undefined> {
    // Before the files are looked at.
    const at = this.#now();
    const known = await this.of(env);
    if (known !== undefined) this.#last = { env, known, at };
    return known;
  }

  #identify(connection: Connection): KnownConnection {
    const name = JSON.stringify([connection.server, connection.pool, connection.token]);
    const id = this.#ids.get(name) ?? String(this.#ids.size);
    this.#ids.set(name, id);
    return { id, connection };
  }
}
