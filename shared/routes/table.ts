/**
 * Every GitHub read that is known: the single source of the reads that the relay allows, how long an answer is fresh,
 * how long it may be served stale in an outage, and whether a pooled identity may be used for it.
 */
import { accountRoutes } from "./table/accounts.ts";
import { actionRoutes } from "./table/actions.ts";
import { codeRoutes } from "./table/code.ts";
import { graphqlRoutes } from "./table/graphql.ts";
import { issueRoutes } from "./table/issues.ts";
import { pullRoutes } from "./table/pulls.ts";
import { repositoryRoutes } from "./table/repositories.ts";
import type { RouteRow } from "./types.ts";

const rows = {
  ...accountRoutes,
  ...repositoryRoutes,
  ...codeRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...actionRoutes,
  ...graphqlRoutes,
} as const;

/** The name of a kind of read, such as `pr_view`. */
export type RouteKind = keyof typeof rows;

/** A row of the table with its name. */
export type Route = RouteRow & { readonly kind: RouteKind };

export const routes: readonly Route[] = (Object.entries(rows) as [RouteKind, RouteRow][]).map(([kind, row]) => ({
  kind,
  ...row,
}));

export const routeByKind: ReadonlyMap<RouteKind, Route> = new Map(routes.map((route) => [route.kind, route]));
