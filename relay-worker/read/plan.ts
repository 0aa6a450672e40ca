/** Plans one read: the request to GitHub, its rules, and the key its answer is kept under. */
import { maxAgeSeconds } from "../../shared/cache-control.ts";
import { type RelayRequest, tooLongToRelay } from "../../shared/envelope.ts";
import { fallbackLocal, OctopoolError } from "../../shared/errors.ts";
import { jsonMedia, jsonSpellings } from "../../shared/media-types.ts";
import { type ClassifiedRoute, classify, normalizeQuery } from "../../shared/routes/index.ts";
import { sha256Hex } from "../auth/tokens.ts";
import { representationVersion } from "../cache/entry.ts";
import type { Bucket } from "../coordinator/contract.ts";
import { searchedRepository } from "../guard/search-scope.ts";
import { allowedHeaders, checkPath, checkQuery, takesAnyAge } from "./validate.ts";

export interface Plan {
  readonly pool: string;
  readonly classified: ClassifiedRoute;
  /** The repository that the guard must prove public: the path's, or the one a search is confined to. */
  readonly repository: { readonly owner: string; readonly name: string } | undefined;
  /** `owner/name` in lower case, or empty. */
  readonly repo: string;
  readonly path: string;
  /** As the caller asked: only the key folds defaults. */
  readonly query: readonly (readonly [string, string])[];
  readonly accept: string;
  readonly apiVersion: string;
  /** The caller's own conditions: their answer is theirs alone. */
  readonly conditions: Readonly<Record<string, string>>;
  readonly maxAgeMs: number | undefined;
  /** Answers that GitHub gave before this time are too old, ms since the epoch. */
  readonly notBefore: number | undefined;
  /** Others decide by it: an entry that events vouch for may answer where the pool's policy says so. */
  readonly gate: boolean;
  /** An answer of any age suffices. */
  readonly anyAge: boolean;
  /** GitHub is not asked: a held entry answers within {@link maxAgeMs}, even past its own lifetime. */
  readonly heldOnly?: true;
  /** The commit that a pull request's head is believed to be (`route_hint: "head=<sha>"`). */
  readonly headHint: string | undefined;
  /** Cache key, hexadecimal. */
  readonly key: string;
  /** Leases, and the cooldown after a permission 403, are kept for this. */
  readonly routeKey: string;
  readonly bucket: Bucket;
  /** The query instead of a path, where this is a GraphQL read. */
  readonly graphql?: GraphqlQuestion;
}

/** A GraphQL read that the recogniser has understood. */
export interface GraphqlQuestion {
  /** The request's body for GitHub. */
  readonly body: string;
  /** The end of every answer that may be shown (shared/graphql/seal.ts). */
  readonly ending: string;
  /** GitHub's points for it, at most. */
  readonly points: number;
  /** It has fields that others decide by. */
  readonly gate: boolean;
  /** The names of its fields, without a value of the caller's. */
  readonly shape: string;
}

/** The caller set conditions: the answer is theirs alone. */
export function isConditional({ conditions }: Pick<Plan, "conditions">): boolean {
  return Object.keys(conditions).length > 0;
}

const defaultApiVersion = "2022-11-28";

/** Diff or patch, when the media type asks for it. */
export function diffFormat(accept: string): "diff" | "patch" | undefined {
  const format = /^application\/vnd\.github\.(?:v3\.)?(diff|patch)$/.exec(accept)?.[1];
  return format === "diff" || format === "patch" ? format : undefined;
}

/**
 * @throws OctopoolError invalid_path, invalid_query, method_denied, or fallback_local for a read that is never relayed
 */
export async function planRead(request: RelayRequest): Promise<Plan> {
  if (request.method.toUpperCase() !== "GET") {
    throw new OctopoolError("method_denied", "The relay reads: only GET is relayed.", {
      hint: "Run writes with your own gh.",
    });
  }
  checkPath(request.path);
  const query = request.query ?? {};
  checkQuery(query);
  if (tooLongToRelay(request.path, query)) {
    throw fallbackLocal("route_denied", "The address of this read is too long to be relayed.");
  }
  const classified = classify(request.path, query);
  if (!classified) throw fallbackLocal("route_denied", "The relay does not know this kind of read.");
  const { route } = classified;
  if (route.class === "native") {
    throw fallbackLocal("local_credentials_required", "The answer to this read depends on the caller.");
  }
  const headers = allowedHeaders(request.headers ?? {});
  const accept = readAccept(headers.get("accept") ?? "");
  if (diffFormat(accept) && !route.diffMedia) {
    throw fallbackLocal("route_denied", "This kind of read is not relayed as a diff.");
  }
  const apiVersion = headers.get("x-github-api-version") ?? defaultApiVersion;
  const asked = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  );
  const repository = classified.repository ?? searchedRepository(route, query);
  const conditions = Object.fromEntries(
    [...headers].filter(([name]) => name === "if-none-match" || name === "if-modified-since"),
  );
  const maxAge = maxAgeSeconds(headers.get("cache-control") ?? undefined);
  const subject = [
    request.pool,
    route.kind,
    classified.canonicalPath,
    normalizeQuery(route, query),
    accept,
    apiVersion,
  ];
  return {
    pool: request.pool,
    classified,
    repository,
    repo: repository ? `${repository.owner}/${repository.name}` : "",
    path: request.path,
    query: asked,
    accept,
    apiVersion,
    conditions,
    maxAgeMs: maxAge === undefined ? undefined : maxAge * 1000,
    notBefore: request.not_before,
    gate: request.gate === true && maxAge === 0,
    anyAge: takesAnyAge(headers.get("cache-control")),
    headHint: /^head=([0-9a-f]{40})$/.exec(request.route_hint ?? "")?.[1],
    key: await sha256Hex(JSON.stringify([representationVersion, ...subject])),
    routeKey: repository ? `${route.kind} ${repository.owner}/${repository.name}` : route.kind,
    bucket: route.budget ?? "core",
  };
}

function readAccept(accept: string): string {
  const lowered = accept.toLowerCase();
  return jsonSpellings.has(lowered) ? jsonMedia : lowered;
}
