/** A read in the form of the relay's request: its address, and how old its answer may be. */
import type { ReadRequest } from "../reader.ts";
import type { RelayRead } from "../relay/client.ts";
import type { Resource } from "./resource.ts";

/**
 * The age bound, in seconds, that allows only answers younger than a write at `written`; undefined without a write.
 * Ages are compared, not times, so that only this machine's own clock counts; the request's travel time only makes
 * answers older there.
 */
export function secondsSince(written: number, now: number): number | undefined {
  return written === 0 ? undefined : Math.max(0, Math.floor((now - written) / 1000));
}

/** Of two bounds the tighter one; undefined where there is none. */
export function leastAge(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** @param maxAge in seconds; undefined: any fresh answer */
export function relayRead(request: ReadRequest, resource: Resource, maxAge: number | undefined): RelayRead {
  const bound = request.anyAge ? "max-stale" : maxAge === undefined ? undefined : `max-age=${maxAge}`;
  const { graphql } = request;
  if (graphql) return { path: request.path, query: {}, headers: {}, graphql, ...(maxAge !== undefined && { maxAge }) };
  const age = bound === undefined ? {} : { "cache-control": bound };
  return { path: request.path, query: resource.query, headers: { ...request.headers, ...age } };
}
