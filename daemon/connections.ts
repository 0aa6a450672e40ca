/** The saved login, or the one a call brings: read once and kept until the files it came from change. */
import { type Connection, connectionFiles, connectionStamp, readConnection } from "../shared/settings/connection.ts";
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

/** The last answer, and the state of its files. */
interface Latest {
  readonly env: Environment;
  readonly known: KnownConnection;
  readonly files: readonly string[];
  readonly stamp: string;
  /** When the files were looked at, ms since the epoch. */
  at: number;
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
  #latest: Latest | undefined;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Undefined when no login is saved.
   * @throws OctopoolError of `readConnection`, not remembered.
   */
  async of(env: Environment): Promise<KnownConnection | undefined> {
    return this.#read(env, connectionStamp(connectionFiles(env)));
  }

  async #read(env: Environment, stamp: string): Promise<KnownConnection | undefined> {
    const key = JSON.stringify(deciding.map((name) => env[name] ?? ""));
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
   * The result of {@link of} without a turn of the event loop, where this environment was the last one asked for and its
   * files have not changed. They are looked at once in a millisecond: a login that ends in it is seen in the next one,
   * before any process that waited for it has begun.
   */
  latest(env: Environment): KnownConnection | undefined {
    const last = this.#latest;
    if (last?.env !== env) return undefined;
    const at = this.#now();
    if (last.at !== at) {
      if (connectionStamp(last.files) !== last.stamp) return undefined;
      last.at = at;
    }
    return last.known;
  }

  /** As {@link of}, and remembered for {@link latest}. */
  async once(env: Environment): Promise<KnownConnection | undefined> {
    // Before the files are looked at.
    const [at, files] = [this.#now(), connectionFiles(env)];
    const stamp = connectionStamp(files);
    const known = await this.#read(env, stamp);
    if (known !== undefined) this.#latest = { env, known, files, stamp, at };
    return known;
  }

  #identify(connection: Connection): KnownConnection {
    const name = JSON.stringify([connection.server, connection.pool, connection.token]);
    const id = this.#ids.get(name) ?? String(this.#ids.size);
    this.#ids.set(name, id);
    return { id, connection };
  }
}
