/**
 * The Worker's options from wrangler.jsonc, in Miniflare's form, and its migrations. Wrangler has functions for both, but
 * takes two seconds of a processor to load; test/scripts/worker-options.test.ts holds these against them.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import * as z from "zod";

const root = join(import.meta.dirname, "../..");

const schema = z.object({
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()).default([]),
  vars: z.record(z.string(), z.string()),
  d1_databases: z.array(z.object({ binding: z.string(), database_id: z.string() })),
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string() })).default([]),
  durable_objects: z.object({ bindings: z.array(z.object({ name: z.string(), class_name: z.string() })) }),
  migrations: z.array(z.object({ new_sqlite_classes: z.array(z.string()).default([]) })),
  triggers: z.object({ crons: z.array(z.string()) }),
});

/** The Worker's options for Miniflare, in the form that wrangler gives them. */
interface WorkerOptions {
  readonly compatibilityDate: string;
  readonly compatibilityFlags: string[];
  readonly cronTriggers: string[];
  readonly bindings: Record<string, string>;
  readonly d1Databases: Record<string, { id: string }>;
  readonly r2Buckets: Record<string, { id: string }>;
  readonly durableObjects: Record<string, { className: string; useSQLite: boolean }>;
}

/** @throws ZodError where the file is not as the repository's own */
export async function readWorkerOptions(file = join(root, "wrangler.jsonc")): Promise<WorkerOptions> {
  const text = await readFile(file, "utf8");
  const config = schema.parse(parse(text, [], { allowTrailingComma: true }));
  const sqlite = new Set(config.migrations.flatMap((migration) => migration.new_sqlite_classes));
  return {
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: config.compatibility_flags,
    cronTriggers: config.triggers.crons,
    bindings: config.vars,
    d1Databases: Object.fromEntries(config.d1_databases.map((each) => [each.binding, { id: each.database_id }])),
    r2Buckets: Object.fromEntries(config.r2_buckets.map((each) => [each.binding, { id: each.bucket_name }])),
    durableObjects: Object.fromEntries(
      config.durable_objects.bindings.map(({ name, class_name: className }) => [
        name,
        { className, useSQLite: sqlite.has(className) },
      ]),
    ),
  };
}

interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
}

/** All migrations of the relay's database, in order. */
export async function readMigrations(folder = join(root, "relay-worker/migrations")): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8");
      // drizzle-kit writes this between any two statements.
      return { name, statements: text.split("--> statement-breakpoint").map((statement) => statement.trim()) };
    }),
  );
}
