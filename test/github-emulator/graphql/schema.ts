import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { buildSchema, type GraphQLSchema, isObjectType, isScalarType } from "graphql";
import { accounts } from "./types/accounts.ts";
import { checks } from "./types/checks.ts";
import { commits } from "./types/commits.ts";
import { pulls } from "./types/pulls.ts";
import { query } from "./types/query.ts";
import { repositories } from "./types/repositories.ts";
import { reviewThreads } from "./types/review-threads.ts";
import { threads } from "./types/threads.ts";

const resolvers = { ...accounts, ...checks, ...commits, ...pulls, ...query, ...repositories, ...threads };

let built: Promise<GraphQLSchema> | undefined;

/** GitHub's public schema over the world. Building takes 0.2 s: once a process, when first asked for. */
export function githubSchema(): Promise<GraphQLSchema> {
  built ??= build();
  return built;
}

async function build(): Promise<GraphQLSchema> {
  // The package's own module would parse the same schema as five megabytes of JSON first.
  const home = findPackageJSON("@octokit/graphql-schema", import.meta.url);
  if (home === undefined) throw new Error("@octokit/graphql-schema is not installed");
  const published = await readFile(join(dirname(home), "schema.graphql"), "utf8");
  const newer = await readFile(new URL("newer.graphql", import.meta.url), "utf8");
  const schema = buildSchema(`${published}\n${newer}`, { assumeValid: true, assumeValidSDL: true });
  allowLargeIds(schema);
  for (const part of [resolvers, reviewThreads]) {
    for (const [name, fields] of Object.entries(part)) attach(schema, name, fields);
  }
  return schema;
}

/** A world's ids may be larger than GitHub's `databaseId` fields hold; they must still be those of REST. */
function allowLargeIds(schema: GraphQLSchema): void {
  const int = schema.getType("Int");
  if (isScalarType(int)) int.serialize = (value) => value;
}

/** A resolver for a field that GitHub does not have is a mistake of ours. */
function attach(schema: GraphQLSchema, name: string, resolvers: object): void {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`GitHub's schema has no object type ${name}`);
  const fields = type.getFields();
  for (const [fieldName, resolve] of Object.entries(resolvers)) {
    const field = fields[fieldName];
    if (!field) throw new Error(`GitHub's ${name} has no field ${fieldName}`);
    field.resolve = resolve;
  }
}
