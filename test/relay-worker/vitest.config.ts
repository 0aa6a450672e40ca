import { readFileSync } from "node:fs";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { maxWorkers, timeouts } from "../support/limits.ts";
import { memoryDirectory } from "../support/memory-directory.ts";

const root = new URL("../..", import.meta.url).pathname;

/** Real GitHub answers beside the project; the suite that reads them skips where they are absent. */
function recordedExchanges(): string {
  try {
    return readFileSync(`${root}../shared/recorded-github/exchanges.jsonl`, "utf8");
  } catch {
    return "";
  }
}

/**
 * Libraries of hundreds of files, in bundles: to read, change and load each file takes most of a worker's start.
 * Libraries that share state are bundled in one go, so each is there once.
 */
const bundled = [
  ...["drizzle-orm", "drizzle-orm/batch", "drizzle-orm/d1", "drizzle-orm/durable-sqlite"],
  ...["drizzle-orm/durable-sqlite/migrator", "drizzle-orm/sqlite-core", "fast-check", "graphql", "hono"],
  ...["hono/accepts", "hono/cookie", "hono/factory", "hono/jsx", "hono/jsx/jsx-runtime", "hono/jsx/jsx-dev-runtime"],
  ...["hono/trailing-slash", "hono/utils/cookie", "zod"],
];

// Storage that a test empties needs no disk: to wait for one took a third of this suite's time.
const storage = memoryDirectory();
if (storage !== undefined) process.env.TMPDIR = storage;

export default defineConfig({
  plugins: [
    cloudflareTest(async () => ({
      main: `${root}relay-worker/index.ts`,
      wrangler: { configPath: `${root}wrangler.jsonc` },
      miniflare: {
        r2Buckets: ["TEST_LOGS"],
        bindings: {
          TEST_MIGRATIONS: await readD1Migrations(`${root}relay-worker/migrations`),
          TEST_RECORDED: recordedExchanges(),
          TEST_OPERATIONS_PAGE: readFileSync(`${root}docs/operations.md`, "utf8"),
          TEST_RELAY_PAGE: readFileSync(`${root}docs/relay.md`, "utf8"),
          ALLOWED_GITHUB_ORG: "acme",
          OCTOPOOL_ADMIN_TOKEN: "admin-secret",
          OCTOPOOL_GITHUB_ORG_TOKEN: "org-secret",
          OCTOPOOL_GITHUB_APP_ID: "4711",
          PAT_ONE: "pat-one",
          PAT_TWO: "pat-two",
        },
      },
    })),
  ],
  test: {
    name: "worker",
    include: [`${root}test/relay-worker/**/*.test.ts`],
    // A file starts no workerd of its own: each test empties the storage.
    maxWorkers,
    isolate: false,
    deps: { optimizer: { ssr: { enabled: true, include: bundled } } },
    ...timeouts,
  },
});
