/** The relay on this machine: the very Worker of production on workerd, with its D1 and its Durable Objects. */
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { readMigrations, readWorkerOptions } from "./worker-options.ts";

const root = join(import.meta.dirname, "../..");

const endings = ["SIGINT", "SIGTERM"] as const;

interface LocalRelayOptions {
  /** Origin of GitHub's API, and of its web pages. */
  readonly githubApi: string;
  readonly githubWeb?: string;
  /** Vars and secrets over those of wrangler.jsonc. */
  readonly bindings: Readonly<Record<string, string>>;
  /** TCP port on the loopback address; 0, the default, takes a free one. */
  readonly port?: number;
}

export interface LocalRelay {
  /** Origin, without a trailing slash. */
  readonly url: string;
  /** The runtime itself, for looking into its storage. */
  readonly runtime: Miniflare;
  close(): Promise<void>;
}

/**
 * Starts the bundled Worker (`npm run build` makes it) with the bindings that wrangler.jsonc declares, and applies the
 * migrations.
 */
export async function startRelay(options: LocalRelayOptions): Promise<LocalRelay> {
  const workerOptions = await readWorkerOptions();
  const ours = endings.map((signal) => process.listeners(signal));
  const runtime = new Miniflare(
    // Wrangler still describes a Worker in Miniflare's earlier form.
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: options.port ?? 0,
      cf: false,
      workers: [
        {
          ...workerOptions,
          name: "octopool",
          // Else only a process within the workspace could start it.
          modulesRoot: root,
          modules: [{ type: "ESModule", path: join(root, "dist/relay.mjs") }],
          bindings: {
            ...workerOptions.bindings,
            OCTOPOOL_LOOPBACK_ONLY: "1",
            GITHUB_API_URL: options.githubApi,
            GITHUB_WEB_URL: options.githubWeb ?? options.githubApi,
            ...options.bindings,
          },
        },
      ],
    }),
  );
  const { origin: url } = await runtime.ready.catch(async (error: unknown) => {
    // A runtime that could not listen would keep this process alive.
    await runtime.dispose();
    throw error;
  });
  // Miniflare ends the process on these signals, before any other code could clean up.
  endings.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (!ours[index]?.includes(listener)) process.off(signal, listener);
    }
  });
  await applyMigrations(runtime);
  return { url, runtime, close: () => runtime.dispose() };
}

/** Applies the pending ones, in order; wrangler does the same in production. */
export async function applyMigrations(runtime: Miniflare): Promise<void> {
  const database = await runtime.getD1Database("DB");
  await database.exec("CREATE TABLE IF NOT EXISTS d1_migrations (name TEXT PRIMARY KEY)");
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const pending = (await readMigrations()).filter(({ name }) => !applied.has(name));
  if (pending.length === 0) return;
  // As one call: this process stands still for each statement that is prepared through the runtime's proxy.
  const lines = pending.flatMap(({ name, statements }) => [
    ...statements.map(onOneLine),
    `INSERT INTO d1_migrations (name) VALUES ('${name}')`,
  ]);
  await database.exec(lines.join("\n"));
}

/** D1's `exec` takes a statement a line. */
function onOneLine(statement: string): string {
  const lines = statement.split("\n").map((line) => line.trim());
  return lines.filter((line) => !line.startsWith("--")).join(" ");
}
