/**
 * The account that the caller's own gh would use on a host, and its token: from the variables that gh reads for this
 * host (go-gh's pkg/auth `tokenForHost`), then from `gh auth token`. The token stays in this process's memory and
 * leaves it in requests to GitHub only.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { githubCom, type Host, isTenant } from "../hosts.ts";
import { type GhSettings, readGhSettings } from "./gh-settings.ts";

/** An account, ready to ask GitHub. */
export interface OwnAccount {
  /** Of host and token: separates their kept answers from those of others. */
  readonly hash: string;
  readonly host: Host;
  readonly token: string;
  /** The unix socket that this account's gh uses instead of the network; empty for none. */
  readonly socket: string;
}

/** The values of the caller's token variables; absent where the client did not send them. */
export interface CallerTokens {
  readonly GH_TOKEN?: string | undefined;
  readonly GITHUB_TOKEN?: string | undefined;
  readonly GH_ENTERPRISE_TOKEN?: string | undefined;
  readonly GITHUB_ENTERPRISE_TOKEN?: string | undefined;
}

/** Why there is no account: the client did not send its token, or gh has none. */
type NoAccount = "withheld" | "none";

interface AccountsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether the caller's gh certainly uses the account that is found here. */
  readonly isCertain: (env: Readonly<Record<string, string | undefined>>) => boolean;
  /** Asks the caller's gh for its token of a host. @throws when it has none, or does not answer in time */
  readonly ask: (env: Readonly<Record<string, string | undefined>>, host: string) => Promise<string>;
}

interface Slot {
  readonly host: Host;
  readonly stamp: string;
  readonly until: number;
  readonly token: Promise<string | undefined>;
}

/** gh's keyring is no file that could be watched: its token is asked for again after this time. */
const tokenSeconds = 600;
/** A gh without an account is asked again sooner. */
const noneSeconds = 30;
const mostSlots = 16;
/** Variables under which gh reaches GitHub through a proxy, or trusts other certificates. */
const otherWays = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"] as const;
/** Variables of a call that change which account gh uses. */
const deciding = ["HOME", "XDG_CONFIG_HOME", "GH_CONFIG_DIR", "PATH", "OCTOPOOL_GH_PATH"] as const;

export class Accounts {
  readonly #options: AccountsOptions;
  readonly #slots = new Map<string, Slot>();

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** The caller's account on a host. `env` names variables as the client sent them. */
  async of(
    env: Readonly<Record<string, string | undefined>>,
    tokens: CallerTokens,
    host: Host = githubCom,
  ): Promise<OwnAccount | NoAccount> {
    const settings = readGhSettings(env);
    if (!settings.understood || !this.#options.isCertain(env)) return "none";
    // gh would reach GitHub by another way than this process.
    if (settings.socket === "" && otherWays.some((name) => env[name] || env[name.toLowerCase()])) return "none";
    for (const name of variablesOf(host)) {
      if (tokens[name]) return accountOf(tokens[name], host, settings);
      if (env[name]) return "withheld";
    }
    // Older versions of gh use GITHUB_TOKEN as a server's token there.
    if (variablesOf(host) === serverVariables && env.CODESPACES) return "none";
    const token = await this.#saved(env, settings.stamp, host);
    return token === undefined ? "none" : accountOf(token, host, settings);
  }

  /** GitHub refused the token: gh is asked for it again. */
  forget(hash: string): void {
    for (const [key, slot] of this.#slots) {
      void slot.token.then((token) => {
        if (token !== undefined && hashOf(token, slot.host) === hash && this.#slots.get(key) === slot)
          this.#slots.delete(key);
      });
    }
  }

  #saved(env: Readonly<Record<string, string | undefined>>, stamp: string, host: Host): Promise<string | undefined> {
    const key = JSON.stringify([host.name, ...deciding.map((name) => env[name] ?? "")]);
    const known = this.#slots.get(key);
    if (known?.stamp === stamp && known.until > this.#options.now()) return known.token;
    const token = this.#options.ask(env, host.name).catch(() => undefined);
    const until = (seconds: number) => this.#options.now() + seconds * 1000;
    const slot: Slot = { host, stamp, until: until(tokenSeconds), token };
    this.#slots.delete(key);
    this.#slots.set(key, slot);
    if (this.#slots.size > mostSlots) this.#slots.delete(this.#slots.keys().next().value ?? "");
    void token.then((value) => {
      if (value === undefined && this.#slots.get(key) === slot) {
        this.#slots.set(key, { ...slot, until: until(noneSeconds) });
      }
    });
    return token;
  }
}

function accountOf(token: string, host: Host, { socket }: GhSettings): OwnAccount {
  return { hash: hashOf(token, host), host, token, socket };
}

function hashOf(token: string, { name, server }: Host): string {
  return createHash("sha256").update(`${name} ${server} ${token}`).digest("hex");
}

const variables = ["GH_TOKEN", "GITHUB_TOKEN"] as const;
const serverVariables = ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"] as const;

/** gh 2.46, too, treats the former as a tenant of ghe.com, but uses a server's API address for it. */
function variablesOf({ name }: Host) {
  return name === githubCom.name || isTenant(name) ? variables : serverVariables;
}

/** A locked keyring may wait for its owner; this does not wait. */
const patienceMs = 3_000;

/**
 * Runs `gh auth token` as the caller would, without the caller's token variables.
 *
 * @throws Error when gh has no token for the host, or does not answer in time
 */
export function askGhToken(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  host: string,
): Promise<string> {
  const without = Object.fromEntries([...variables, ...serverVariables].map((name) => [name, undefined]));
  return new Promise((resolve, reject) => {
    const options = { cwd: "/", env: { ...env, ...without, GH_NO_UPDATE_NOTIFIER: "1" }, timeout: patienceMs };
    execFile(path, ["auth", "token", "--hostname", host], options, (error, stdout) => {
      const token = stdout.trim();
      if (error === null && /^[\x21-\x7e]+$/.test(token)) resolve(token);
      // Not gh's error itself: it may contain the command's arguments.
      else reject(new Error(`gh has no token for ${host}`));
    });
  });
}
