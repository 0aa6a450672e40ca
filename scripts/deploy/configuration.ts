/** Reads and edits wrangler.jsonc in place: comments stay where they are. */
import { readFile, writeFile } from "node:fs/promises";
import { applyEdits, findNodeAtLocation, getNodeValue, type JSONPath, modify, parse, parseTree } from "jsonc-parser";
import * as z from "zod";

const unsetDatabase = "00000000-0000-0000-0000-000000000000";
const logsBinding = "LOGS";

const schema = z.object({
  name: z.string(),
  account_id: z.string().optional(),
  d1_databases: z
    .array(
      z.object({ binding: z.string(), database_name: z.string(), database_id: z.string(), migrations_dir: z.string() }),
    )
    .min(1),
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string().optional() })).default([]),
  routes: z.array(z.string().or(z.object({ pattern: z.string(), custom_domain: z.boolean().optional() }))).default([]),
  vars: z.record(z.string(), z.unknown()),
});

/** The settings that the deployment reads in wrangler.jsonc; an unset one is an empty string. */
export interface Configuration {
  readonly worker: string;
  readonly account: string;
  readonly databaseName: string;
  /** Empty while it is the placeholder. */
  readonly databaseId: string;
  /** Relative to the file. */
  readonly migrations: string;
  readonly logsBucket: string;
  /** The relay's own host name. */
  readonly host: string;
  readonly variable: (name: string) => string;
}

/** @throws Error that names the file and its fault */
export async function readConfiguration(file: string): Promise<Configuration> {
  const { success, data, error } = schema.safeParse(
    parse(await readFile(file, "utf8"), [], { allowTrailingComma: true }),
  );
  if (!success) throw new Error(`${file} is not as the repository's own:\n${z.prettifyError(error)}`);
  const [database] = data.d1_databases;
  const domain = data.routes.find((route) => typeof route === "object" && route.custom_domain === true);
  return {
    worker: data.name,
    account: data.account_id ?? "",
    databaseName: database?.database_name ?? "",
    databaseId: database?.database_id === unsetDatabase ? "" : (database?.database_id ?? ""),
    migrations: database?.migrations_dir ?? "",
    logsBucket: data.r2_buckets.find(({ binding }) => binding === logsBinding)?.bucket_name ?? "",
    host: typeof domain === "object" ? domain.pattern : "",
    variable: (name) => String(data.vars[name] ?? ""),
  };
}

export interface Edit {
  /** How people are told of it. */
  readonly name: string;
  readonly path: JSONPath;
  readonly value: unknown;
  /** Member of the top level that a new one is written behind; the end without it. */
  readonly behind?: string;
}

export const edits = {
  account: (id: string): Edit => ({ name: "account_id", path: ["account_id"], value: id, behind: "name" }),
  database: (id: string): Edit => ({ name: "database_id", path: ["d1_databases", 0, "database_id"], value: id }),
  variable: (name: string, value: string): Edit => ({ name, path: ["vars", name], value }),
  // Index -1 appends: other routes and buckets stay.
  host: (host: string): Edit => ({
    name: "routes",
    path: ["routes", -1],
    value: { pattern: host, custom_domain: true },
    behind: "workers_dev",
  }),
  logsBucket: (bucket: string): Edit => ({
    name: "r2_buckets",
    path: ["r2_buckets", -1],
    value: { binding: logsBinding, bucket_name: bucket },
    behind: "migrations",
  }),
};

/** @returns the names of the changed members */
export async function writeConfiguration(file: string, wanted: readonly Edit[]): Promise<string[]> {
  const before = await readFile(file, "utf8");
  let text = before;
  const changed: string[] = [];
  for (const edit of wanted) {
    const next = edited(text, edit);
    if (next !== text) changed.push(edit.name);
    text = next;
  }
  if (text !== before) await writeFile(file, text);
  return changed;
}

function edited(text: string, { path, value, behind }: Edit): string {
  const tree = parseTree(text);
  const known = tree && findNodeAtLocation(tree, path);
  // A value that is there already is not written anew: its form would change.
  if (known && getNodeValue(known) === value) return text;
  return applyEdits(
    text,
    modify(text, path, value, {
      formattingOptions: { insertSpaces: true, tabSize: 2, eol: "\n" },
      getInsertionIndex: (members) =>
        behind && members.includes(behind) ? members.indexOf(behind) + 1 : members.length,
    }),
  );
}
