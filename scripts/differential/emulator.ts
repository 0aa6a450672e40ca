import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Lazy } from "../../daemon/lazy.ts";
import {
  answerElsewhere,
  applyChange,
  type Incoming,
  mergeWorlds,
  type Outgoing,
  startGitHub,
  type World,
  type WorldChange,
  type WorldFile,
} from "../../test/github-emulator/index.ts";

export interface FetchAnswer {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** `GET` of a path with its query, or with a body `POST`. */
export type EmulatorFetch = (
  target: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
) => Promise<FetchAnswer>;

/** Hosts beside github.com, each with the same world, and the token of the user's account there. */
export const otherHosts = {
  "acme.ghe.com": "differential-tenant-token",
  "git.example.org": "differential-server-token",
} as const satisfies Readonly<Record<string, string>>;

/** A running GitHub for both sides. */
export interface Emulator {
  world: World;
  /** The unix socket that the real gh talks to. */
  socket: string;
  /** Its origin on TCP; empty without. */
  url: string;
  /** The token of the user whose gh it is. */
  viewerToken: string;
  /** The token of the pooled identity, another account. */
  poolToken: string;
  fetch: EmulatorFetch;
  /** The same of another host, by the address of its API. */
  fetchElsewhere: EmulatorFetch;
  /** As another user on GitHub would. */
  change(changes: readonly WorldChange[]): void;
  /** Another GitHub that begins with the same world. */
  another(socket: string): Promise<Emulator>;
  close(): Promise<void>;
}

/** The pooled identity: an account of its own. */
export const poolAccount = { token: "differential-pool-token", login: "octopool-differential-pool" };
const viewerAccount = { token: "differential-viewer-token", login: "octopool-differential-viewer" };
const plentifulBudgets = { core: 1e9, graphql: 1e9, search: 1e9, code_search: 1e9 };

/**
 * Starts the emulator on a world file or a directory of them. The world's first token is the user's; budgets that the
 * world does not set are large enough for any number of cases.
 */
export async function startEmulator(path: string, listen: { socket: string; tcp: boolean }): Promise<Emulator> {
  return startWith(await readWorld(path), listen);
}

async function startWith(file: WorldFile, { socket, tcp }: { socket: string; tcp: boolean }): Promise<Emulator> {
  const [first = viewerAccount] = file.tokens ?? [];
  const world = withPlenty(withToken(withToken(file, poolAccount), first));
  const others = Object.entries(otherHosts).map(([name, token]) => {
    const there = { ...world, tokens: [...(world.tokens ?? []), { ...first, token }] };
    // Few cases ask there, and a world takes its time.
    return { name, started: new Lazy(() => startGitHub({ world: there, socket: `${socket}.${name}` })) };
  });
  const elsewhere = Object.fromEntries(
    others.map(({ name, started }) => {
      const handle = async (incoming: Incoming) => (await started.get()).engine.handle(incoming);
      return [name, { handle }];
    }),
  );
  const github = await startGitHub({ world, socket, elsewhere, ...(tcp && { port: 0 }) });
  return {
    world: github.world(),
    socket,
    url: github.url,
    viewerToken: first.token,
    poolToken: poolAccount.token,
    fetch: fetchBy((incoming) => github.engine.handle({ ...incoming, headers: { host, ...incoming.headers } })),
    fetchElsewhere: fetchBy((incoming) => {
      const { host: there, pathname, search } = new URL(incoming.url);
      const asked = { ...incoming, url: `${pathname}${search}`, headers: { ...incoming.headers, host: there } };
      return answerElsewhere(elsewhere, asked) ?? Promise.reject(new Error(`no such host: ${there}`));
    }),
    change: (changes) =>
      github.mutate((now) => {
        for (const change of changes) applyChange(now, change);
      }),
    // Each start builds its own world from the file: a change of one reaches no other.
    another: (at) => startWith(file, { socket: at, tcp: false }),
    close: async () => {
      await Promise.all([github, ...others.map(({ started }) => started.loaded)].map((each) => each?.close()));
    },
  };
}

const host = "api.github.com";

function fetchBy(handle: (incoming: Incoming) => Promise<Outgoing | null>): EmulatorFetch {
  return async (url, headers, body = "") => {
    const method = body === "" ? "GET" : "POST";
    const answer = await handle({ method, url, headers, body, address: "127.0.0.1" });
    if (answer === null) throw new Error(`GitHub closed the connection: ${url}`);
    return answer;
  };
}

async function readWorld(path: string): Promise<WorldFile> {
  const names = (await stat(path)).isDirectory()
    ? (await readdir(path))
        .filter((name) => name.endsWith(".json"))
        .sort()
        .map((name) => join(path, name))
    : [path];
  const contents = await Promise.all(
    names.map(async (name): Promise<unknown> => JSON.parse(await readFile(name, "utf8"))),
  );
  return mergeWorlds(contents);
}

function withToken(world: WorldFile, token: { token: string; login: string }): WorldFile {
  const tokens = world.tokens ?? [];
  return tokens.some((each) => each.token === token.token) ? world : { ...world, tokens: [...tokens, token] };
}

function withPlenty(world: WorldFile): WorldFile {
  const users = world.users ?? [];
  const known = new Set(users.map((user) => user.login.toLowerCase()));
  const logins = [...new Set((world.tokens ?? []).map((token) => token.login))];
  const missing = logins.filter((login) => !known.has(login.toLowerCase())).map((login) => ({ login }));
  return {
    ...world,
    users: [...users, ...missing].map((user) => ({ limits: plentifulBudgets, ...user })),
    limits: { anonymous: plentifulBudgets, ...world.limits },
  };
}
