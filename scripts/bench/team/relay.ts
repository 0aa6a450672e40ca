/** The real Worker, coordinator and D1 on workerd, with the bench's clock. */
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { workerBundle } from "../../bundle-worker.ts";
import { addIdentity, type Operator } from "../../stack/pool.ts";
import { applyMigrations } from "../../stack/relay.ts";
import { readWorkerOptions } from "../../stack/worker-options.ts";

const root = join(import.meta.dirname, "../../..");
const adminToken = "operator";

const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
/** The App's public key, for the emulator. */
export const appKeys = { "octo-relay": keys.publicKey };

export interface Spent {
  readonly d1: number;
  readonly object: number;
  readonly audit: number;
  /** Calls of the object of events. */
  readonly events: number;
  /** How often that object woke since the relay began: a reset leaves it. */
  readonly wakings: number;
}

export interface TeamRelay {
  readonly operator: Operator;
  /** Sets the relay's time, ms since the epoch; undefined: the real one. Gives how much is in progress there. */
  clock(now: number | undefined): Promise<number>;
  /** Its look at GitHub's list of deliveries, without which no event counts as heard. */
  look(): Promise<void>;
  /** The requests to its bindings since the last reset. */
  spent(reset?: boolean): Promise<Spent>;
  close(): Promise<void>;
}

/** @param bindings vars over those of wrangler.jsonc */
export async function startTeamRelay(
  github: string,
  bindings: Readonly<Record<string, string>> = {},
): Promise<TeamRelay> {
  const workerOptions = await readWorkerOptions();
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      workers: [
        {
          ...workerOptions,
          name: "octopool-team",
          modules: [{ type: "ESModule", path: "team.mjs", contents: await bundle() }],
          bindings: {
            ...workerOptions.bindings,
            GITHUB_API_URL: github,
            GITHUB_WEB_URL: github,
            ALLOWED_GITHUB_ORG: "acme",
            OCTOPOOL_GITHUB_ORG_TOKEN: "token-p01",
            OCTOPOOL_GITHUB_APP_ID: "4242",
            OCTOPOOL_ADMIN_TOKEN: adminToken,
            APP_KEY: keys.privateKey,
            PAT_ONE: "token-pool-one",
            PAT_TWO: "token-pool-two",
            ...bindings,
          },
        },
      ],
    }),
  );
  const { origin } = await runtime.ready;
  await applyMigrations(runtime);
  const operator = { server: origin, adminToken };
  const ask = async (path: string) => (await fetch(`${origin}${path}`)).json();
  return {
    operator,
    look: async () => void (await ask("/bench/look")),
    clock: async (now) => Number(Object(await ask(`/bench/clock?now=${now ?? ""}`)).underWay),
    spent: async (reset = false) => Object(await ask(`/bench/counts${reset ? "?reset" : ""}`)),
    close: () => runtime.dispose(),
  };
}

/** One App and two people lend the pool their budgets. */
export async function fillPool(operator: Operator): Promise<void> {
  const scopes = [{ owner: "*" }];
  const app = {
    id: "app",
    kind: "github_app" as const,
    login: "octo-relay",
    secret_ref: "APP_KEY",
    installation_id: 777,
  };
  await addIdentity(operator, "maintainers", { ...app, scopes });
  await addIdentity(operator, "maintainers", {
    id: "one",
    kind: "pat",
    login: "pool-one",
    secret_ref: "PAT_ONE",
    scopes,
  });
  await addIdentity(operator, "maintainers", {
    id: "two",
    kind: "pat",
    login: "pool-two",
    secret_ref: "PAT_TWO",
    scopes,
  });
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, "test/relay-worker/bench/team.ts")],
    write: false,
    ...workerBundle,
  });
  return outputFiles[0]?.text ?? "";
}
