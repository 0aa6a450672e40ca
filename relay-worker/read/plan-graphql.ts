/** Plans one GraphQL read: the recogniser's result, and the key its answer is kept under. */
import { fallbackLocal } from "../../shared/errors.ts";
import { type Recognised, recognise, type SharedRead } from "../../shared/graphql/recognise.ts";
import { sealedBody } from "../../shared/graphql/seal.ts";
import type { RelayGraphqlRequest } from "../../shared/graphql/wire.ts";
import { jsonMedia } from "../../shared/media-types.ts";
import { type Route, routeByKind } from "../../shared/routes/index.ts";
import { sha256Hex } from "../auth/tokens.ts";
import { representationVersion } from "../cache/entry.ts";
import type { Deps } from "../deps.ts";
import type { Plan } from "./plan.ts";
import { refusedLately } from "./refused-queries.ts";

/** GitHub's GraphQL endpoint, below the API's address. */
const graphqlPath = "/graphql";

/**
 * @throws OctopoolError fallback_local for a query whose answer is not the same for every caller, or that GitHub
 * refused a moment ago
 */
export async function planGraphql({ memory, clock }: Deps, request: RelayGraphqlRequest): Promise<Plan> {
  const {
    pool,
    query,
    variables,
    operation_name: operationName,
    max_age: maxAge,
    not_before: notBefore,
    held,
  } = request;
  const read = sharedOf(recognise({ query, variables, operationName }));
  const key = await sha256Hex(JSON.stringify([representationVersion, pool, graphqlRoute.kind, read.key]));
  if (refusedLately(memory).has(key, clock())) {
    throw fallbackLocal("local_credentials_required", "GitHub refused this query a moment ago.");
  }
  const { owner, name } = read;
  return {
    pool,
    classified: { route: graphqlRoute, params: {}, repository: { owner, name }, canonicalPath: graphqlPath },
    repository: { owner, name },
    repo: `${owner}/${name}`,
    path: graphqlPath,
    query: [],
    accept: jsonMedia,
    apiVersion: "2022-11-28",
    conditions: {},
    maxAgeMs: maxAge === undefined ? undefined : maxAge * 1000,
    notBefore,
    gate: false,
    anyAge: false,
    ...(held && { heldOnly: true as const }),
    headHint: undefined,
    key,
    routeKey: `${graphqlRoute.kind} ${owner}/${name}`,
    bucket: "graphql",
    graphql: {
      body: sealedBody(read.sealed, { variables, operationName }),
      ending: read.sealed.ending,
      points: read.points,
      gate: read.gate,
      shape: read.shape,
    },
  };
}

const graphqlRoute = routeOf("graphql_read");

function routeOf(kind: Route["kind"]): Route {
  const route = routeByKind.get(kind);
  if (!route) throw new Error(`the route table has no ${kind}`);
  return route;
}

function sharedOf(found: Recognised): SharedRead {
  if ("refused" in found) throw fallbackLocal("route_denied", `This query cannot be pooled: ${found.refused}.`);
  // The seal can check unsent reviews only for pull requests that the query names.
  if (found.read.drafts === "any") {
    throw fallbackLocal(
      "local_credentials_required",
      "It may show unsent reviews of pull requests that it does not name.",
    );
  }
  return found.read;
}
