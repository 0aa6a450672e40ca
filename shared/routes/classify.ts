/** From a path and a query to the row of the route table that governs it. */
import { grammar } from "./grammar.ts";
import { type Route, routes } from "./table.ts";

/** Query values as the relay's wire format has them. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

/** A read that is known. */
export interface ClassifiedRoute {
  readonly route: Route;
  /** Values of the pattern's parameters as they stand in the path, percent-encoding kept. */
  readonly params: Readonly<Record<string, string>>;
  /** The repository that the path names, lower-cased: GitHub compares names without case. */
  readonly repository: { readonly owner: string; readonly name: string } | undefined;
  /** The path with owner and repository in lower case and one way of percent-encoding: for keys, not for GitHub. */
  readonly canonicalPath: string;
}

interface CompiledPattern {
  readonly route: Route;
  readonly segments: readonly string[];
}

const compiled: readonly CompiledPattern[] = routes.flatMap((route) =>
  route.paths.map((path) => ({ route, segments: path.split("/").slice(1) })),
);

/** The first segment is literal in every pattern, so it narrows the search. */
const byFirstSegment = Map.groupBy(compiled, ({ segments }) => segments[0] ?? "");

/**
 * Finds the kind of a read.
 *
 * @param path the path as on the wire, without a query
 * @param query its query; some kinds allow only certain keys or values
 * @returns undefined when no kind allows it: the relay answers `route_denied`
 */
export function classify(path: string, query: Query = {}): ClassifiedRoute | undefined {
  if (!path.startsWith("/")) return undefined;
  const segments = path.slice(1).split("/");
  for (const { route, segments: pattern } of byFirstSegment.get(segments[0] ?? "") ?? []) {
    const params = match(pattern, segments);
    if (params) return queryAllowed(route, query) ? describe(route, params, segments) : undefined;
  }
  return undefined;
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const rest = expected.endsWith("+");
    const actual = rest ? segments.slice(index).join("/") : segments[index];
    if (actual === undefined) return undefined;
    if (!expected.startsWith(":")) {
      if (actual !== expected) return undefined;
      continue;
    }
    const parameter = expected.slice(1);
    if (!grammar[parameter]?.(actual)) return undefined;
    params[rest ? parameter.slice(0, -1) : parameter] = actual;
    if (rest) return params;
  }
  return pattern.length === segments.length ? params : undefined;
}

function queryAllowed(route: Route, query: Query): boolean {
  const { queryKeys, queryValues } = route;
  if (queryKeys && !Object.keys(query).every((key) => queryKeys.includes(key))) return false;
  return Object.entries(queryValues ?? {}).every(([key, allowed]) =>
    [query[key] ?? []].flat().every((value) => allowed.includes(value)),
  );
}

function describe(
  route: Route,
  params: Readonly<Record<string, string>>,
  segments: readonly string[],
): ClassifiedRoute | undefined {
  const { owner, repo } = params;
  const named = owner !== undefined && repo !== undefined;
  const canonical = segments.map(recode);
  if (canonical.includes(undefined)) return undefined;
  if (named) canonical.splice(1, 2, owner.toLowerCase(), repo.toLowerCase());
  const canonicalPath = `/${canonical.join("/")}`;
  const repository = named ? { owner: owner.toLowerCase(), name: repo.toLowerCase() } : undefined;
  return { route, params, repository, canonicalPath };
}

/** One spelling for each segment; undefined for bytes that are not UTF-8. */
function recode(segment: string): string | undefined {
  try {
    return encodeURIComponent(decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}
