/** The resource of a read, in one spelling: the cache's key, and the repository whose writes concern it. */
// Not the index: it imports modules that only a server of answers needs, and a schema library.
import { type EventTag, tagsOf } from "../../shared/events/tags.ts";
import { jsonSpellings } from "../../shared/media-types.ts";
import { classify, type Query } from "../../shared/routes/classify.ts";
import { normalizeQuery } from "../../shared/routes/query.ts";
import type { RouteKind } from "../../shared/routes/table.ts";
import type { GraphqlRead, ReadRequest } from "../reader.ts";

export interface Resource {
  readonly kind: RouteKind;
  /** Distinguishes one representation from another, for any credential. */
  readonly key: string;
  /** `owner/name` in lower case; undefined for a read without a repository (a search, a user). */
  readonly repository: string | undefined;
  /** The answer's dependencies, as far as its address shows them. */
  readonly tags: readonly EventTag[];
  readonly query: Readonly<Record<string, string | string[]>>;
  /** A credential decides the answer: never relayed. */
  readonly native: boolean;
}

/** Undefined for a path that the route table does not know: the relay would refuse it. */
export function resourceOf(request: Pick<ReadRequest, "path" | "query" | "headers" | "graphql">): Resource | undefined {
  if (request.graphql) return resourceOfQuery(request.graphql);
  const query = groupQuery(request.query ?? []);
  const classified = classify(request.path, query);
  if (classified === undefined) return undefined;
  const { route, canonicalPath, repository, params } = classified;
  const parameters = normalizeQuery(route, query).map((pair) => pair.map(encoded).join("="));
  const accept = (request.headers?.accept ?? "").toLowerCase().replace(/\s+/g, "");
  const media = jsonSpellings.has(accept) ? "" : accept;
  const apiVersion = request.headers?.["x-github-api-version"] ?? "";
  return {
    kind: route.kind,
    key: [canonicalPath, parameters.join("&"), media, apiVersion].join(" "),
    repository: repository && `${repository.owner}/${repository.name}`,
    tags: tagsOf({ kind: route.kind, params, query }),
    query,
    native: route.class === "native",
  };
}

/** As {@link resourceOf}, of resources that the pool may read; else the reason why it may not. */
export function pooledResourceOf(request: ReadRequest): Resource | "route_denied" | "local_credentials_required" {
  const resource = resourceOf(request);
  if (resource === undefined) return "route_denied";
  return resource.native ? "local_credentials_required" : resource;
}

function resourceOfQuery({ read }: GraphqlRead): Resource {
  const { owner, name, key, tags } = read;
  const repository = `${owner}/${name}`;
  return { kind: "graphql_read", key: `graphql ${key}`, repository, tags, query: {}, native: false };
}

/** A lone surrogate, which no client's bytes produce, has no encoding. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function groupQuery(pairs: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const grouped = new Map<string, string[]>();
  for (const [name, value] of pairs) grouped.set(name, [...(grouped.get(name) ?? []), value]);
  const entries = [...grouped].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]);
  return Object.fromEntries(entries) satisfies Query;
}
