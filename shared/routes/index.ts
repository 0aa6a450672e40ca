/** The GitHub route table and the functions that use it. */
export { type ClassifiedRoute, classify, type Query } from "./classify.ts";
export { type Expectation, fileKinds, isExpected, isHeldExpected, isJsonExpected, type Said } from "./expected.ts";
export { type FreshnessContext, type Lifetime, lifetimeOf } from "./freshness.ts";
export { normalizeQuery } from "./query.ts";
export { hasShape, isTextKind, shapes } from "./shapes.ts";
export { type Route, type RouteKind, routeByKind, routes } from "./table.ts";
export { type RouteClass, type RouteRow, type Seconds, staleWhileRevalidateSeconds } from "./types.ts";
export { unsettledSeconds } from "./unsettled.ts";
