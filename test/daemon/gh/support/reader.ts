/** The engine on a reader over the emulator's HTTP: no daemon, no relay, every read counted. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { EngineDependencies, Invocation, Outcome } from "../../../../daemon/gh/engine.ts";
import { engine } from "../../../../daemon/gh/index.ts";
import {
  type GitHubReader,
  type GraphqlRead,
  NativeRequired,
  type ReadAnswer,
  type ReadRequest,
} from "../../../../daemon/reader.ts";
import { sealedBody, unsealed } from "../../../../shared/graphql/seal.ts";
import { type GitHub, startGitHub, type WorldFile } from "../../../github-emulator/index.ts";

/** Reads over HTTP, and remembers the requests. */
class HttpReader implements GitHubReader {
  readonly requests: ReadRequest[] = [];
  /** The source that every answer names. */
  answeredAs: Pick<ReadAnswer, "answeredBy" | "stale" | "createdAt"> = {
    answeredBy: "github",
    stale: false,
    createdAt: 0,
  };
  /** Runs before a read is sent; may change the world, or refuse. */
  before: (request: ReadRequest, index: number) => void = () => {};
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async read(request: ReadRequest): Promise<ReadAnswer> {
    this.before(request, this.requests.length);
    this.requests.push(request);
    const target = new URL(this.#url + request.path);
    for (const [key, value] of request.query ?? []) target.searchParams.append(key, value);
    const { graphql, own } = request;
    const asked = graphql ? sealedBody(graphql.read.sealed, graphql) : own && JSON.stringify(own);
    const answer = await fetch(target, {
      ...(asked !== undefined && { method: "POST", body: asked }),
      headers: { ...request.headers, authorization: `token ${this.#token}` },
      redirect: "manual",
      signal: request.signal ?? null,
    });
    const body = new Uint8Array(await answer.arrayBuffer());
    const said = { status: answer.status, headers: Object.fromEntries(answer.headers), ...this.answeredAs };
    return { ...said, body: graphql ? openedBody(body, graphql) : body };
  }
}

/** As the relay does: an answer that does not end as it must is none. */
function openedBody(body: Uint8Array, { read }: GraphqlRead): Uint8Array {
  const own = unsealed(Buffer.from(body).toString(), read.sealed.ending);
  if (own === undefined) throw new NativeRequired("local_credentials_required");
  return Buffer.from(own);
}

type Run = (args: readonly string[], surroundings?: Surroundings) => Promise<Outcome>;

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly tty?: Partial<Invocation["tty"]>;
  /** 2.46.0 where nothing is said; `null`: it is not certain. */
  readonly ghVersion?: string | null;
  readonly dependencies?: Partial<EngineDependencies>;
}

/** A running GitHub, a reader on it, and the engine. Close it by `await using`. */
export interface EngineBench extends AsyncDisposable {
  readonly github: GitHub;
  readonly reader: HttpReader;
  readonly run: Run;
}

/** Starts the emulator on a world; its first token is the pool's. */
export async function openBench(world: WorldFile): Promise<EngineBench> {
  const token = "pool-token";
  const github = await startGitHub({
    world: { ...world, tokens: [{ token, login: "pool" }, ...(world.tokens ?? [])] },
  });
  const reader = new HttpReader(github.url, token);
  const run: Run = (args, { env = {}, tty = {}, ghVersion = "2.46.0", dependencies } = {}) =>
    engine(
      {
        args,
        cwd: "/",
        env,
        tty: { stdin: false, stdout: false, stderr: false, ...tty },
      },
      {
        reader,
        now: () => Date.parse("2026-06-01T12:00:00Z"),
        git: async () => Promise.reject(new Error("no checkout here")),
        ghVersion: async () => ghVersion ?? undefined,
        sleep: async () => {},
        signal: new AbortController().signal,
        emit: () => {},
        ...dependencies,
      },
    );
  return { github, reader, run, [Symbol.asyncDispose]: () => github.close() };
}

/** stdout of a command that must have been answered. */
export function printed(outcome: Outcome): string {
  if (outcome.kind === "native") throw new NativeRequired(outcome.reason);
  return typeof outcome.stdout === "string" ? outcome.stdout : Buffer.from(outcome.stdout).toString();
}

/** One bench for all tests of a file, whose reader counts anew before each. */
export function fileHasBench(world: WorldFile, take: (bench: EngineBench) => void): void {
  let bench: EngineBench | undefined;
  beforeAll(async () => {
    bench = await openBench(world);
    take(bench);
  });
  afterAll(() => bench?.[Symbol.asyncDispose]());
  beforeEach(() => {
    if (bench) bench.reader.requests.length = 0;
  });
}
