/** The caller's own token as a source of answers; loaded and connected with the first read that needs it. */
import { findRealGh, isScript } from "../../shared/find-gh.ts";
import { version } from "../../shared/version.ts";
import type { GraphqlPoints } from "../graphql-points.ts";
import { githubCom } from "../hosts.ts";
import { PersonalAccess } from "./access.ts";
import { Accounts, askGhToken, type CallerTokens } from "./account.ts";
import { OwnCounters } from "./counters.ts";
import type { OwnGitHub } from "./github.ts";
import { OwnMemory } from "./memory.ts";
import { PrivateMemory } from "./private-memory.ts";
import type { PersonalReader, PersonalReaderOptions } from "./reader.ts";

export type { CallerTokens } from "./account.ts";

interface PersonalOptions extends Pick<PersonalReaderOptions, "now" | "graphqlSeconds" | "writtenAt"> {
  /** Files that are Octopool itself, which is not the gh that knows the token. */
  readonly ourselves: readonly string[];
  /** The daemon's own environment: for the keyring's variables beside the caller's. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** GitHub's count of each account's points. */
  readonly points: GraphqlPoints;
}

/** Variables by which gh reaches the user's keyring. */
const keyring = ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "USER", "LOGNAME"] as const;
/** Variables of the call that gh's account depends on. */
const settings = ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "GH_CONFIG_DIR", "PATH"] as const;

export class Personal {
  readonly #counters = new Map<string, OwnCounters>();
  readonly #points: GraphqlPoints;
  readonly memory: OwnMemory;
  /** Repositories that the pool cannot read. */
  readonly privates: PrivateMemory;
  readonly #reading: Pick<PersonalReaderOptions, "now" | "graphqlSeconds" | "writtenAt">;
  readonly #accounts: Accounts;
  #loaded: Promise<{ readonly reader: PersonalReader; readonly github: OwnGitHub }> | undefined;

  constructor({ ourselves, env, points, ...reading }: PersonalOptions) {
    const { now } = reading;
    this.#points = points;
    this.#reading = reading;
    this.memory = new OwnMemory(now);
    this.privates = new PrivateMemory(now);
    this.#accounts = new Accounts({
      now,
      isCertain: (call) => isCertain(call, ourselves),
      ask: async (call, host) => {
        const path = findRealGh({ env: call, ourselves });
        const own = keyring.map((name) => [name, env[name]]);
        const callers = settings.map((name) => [name, call[name]]);
        return askGhToken(path, Object.fromEntries([...own, ...callers].filter(([, value]) => value)), host);
      },
    });
  }

  /** For one call with these variables. */
  access(env: Readonly<Record<string, string | undefined>>, tokens: CallerTokens): PersonalAccess {
    return new PersonalAccess({
      accounts: this.#accounts,
      reader: async () => (await this.#load()).reader,
      memory: this.memory,
      moments: this.#reading,
      env,
      tokens,
    });
  }

  /** The counters of reads with callers' own tokens: of github.com, and under `hosts` of each other host. */
  get status() {
    const { memory } = this;
    const { [githubCom.name]: own = this.#countersOf(githubCom.name), ...hosts } = Object.fromEntries(this.#counters);
    return { ...own, hosts, entries: memory.entries, bytes: memory.bytes };
  }

  #countersOf(host: string): OwnCounters {
    const counters = this.#counters.get(host) ?? new OwnCounters(this.#points);
    this.#counters.set(host, counters);
    return counters;
  }

  async close(): Promise<void> {
    await (await this.#loaded)?.github.close();
  }

  #load() {
    this.#loaded ??= Promise.all([import("./github.ts"), import("./reader.ts")]).then(([github, reader]) => {
      const own = new github.OwnGitHub({ userAgent: `octopool/${version}` });
      const { memory } = this;
      const countersOf = (host: string) => this.#countersOf(host);
      const onUnauthorized = ({ hash }: { readonly hash: string }) => this.#accounts.forget(hash);
      return {
        github: own,
        reader: new reader.PersonalReader({ ...this.#reading, ask: own.ask, memory, countersOf, onUnauthorized }),
      };
    });
    return this.#loaded;
  }
}

/**
 * Whether the caller's gh certainly uses the account that is found here. A script found on PATH may choose another one,
 * for example by directory; a script that OCTOPOOL_GH_PATH names is trusted.
 */
function isCertain(env: Readonly<Record<string, string | undefined>>, ourselves: readonly string[]): boolean {
  if (env.OCTOPOOL_GH_PATH) return true;
  try {
    return !isScript(findRealGh({ env, ourselves }));
  } catch {
    // Without a gh there is no other account than the one of the environment.
    return true;
  }
}
