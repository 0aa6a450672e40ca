/**
 * The real gh's requests to GitHub for each command of the mix. `gh-costs.json` was counted with gh 2.46 against the
 * emulator; `node scripts/bench/team/count-gh.ts --gh PATH` counts it again.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { TeamRead } from "./trace-types.ts";

export const costsFile = join(import.meta.dirname, "gh-costs.json");

const costSchema = z.object({
  /** Requests of one command, and points of the GraphQL budget. */
  rest: z.number(),
  graphql: z.number(),
  points: z.number(),
  /** Commands that were counted. */
  counted: z.number(),
});
export type Cost = z.infer<typeof costSchema>;
/** Requests of one command of docs/gh.md's table. */
const pageCostSchema = z.object({ rest: z.number(), graphql: z.number() });
export type PageCost = z.infer<typeof pageCostSchema>;
const costsSchema = z.object({
  gh: z.string(),
  /** A watch: its first requests, and the cost of each look; a look each three seconds. */
  watch: z.object({ begin: z.number(), look: z.number(), points: z.number() }),
  commands: z.record(z.string(), costSchema),
  /** By the command line, without `gh` itself. */
  page: z.record(z.string(), pageCostSchema),
});

export const costs = costsSchema.parse(JSON.parse(readFileSync(costsFile, "utf8")));

/** `gh run watch` looks so often unless it is told otherwise. */
const watchMs = 3000;

/** Requests of the real gh for one command: REST, and GraphQL with its points. */
export function ghCost({ tag, t, watchUntil }: TeamRead): Pick<Cost, "rest" | "graphql" | "points"> {
  if (watchUntil !== undefined) {
    const { begin, look, points } = costs.watch;
    const looks = Math.max(1, Math.ceil((watchUntil - t) / watchMs) + 1);
    return { rest: begin + look * looks - points, graphql: points, points };
  }
  const cost = costs.commands[tag];
  if (cost === undefined) throw new Error(`no cost of ${tag} was counted`);
  return cost;
}

/** All requests, each of which costs its budget. */
export const ghRequests = (read: TeamRead): number => {
  const { rest, graphql } = ghCost(read);
  return rest + graphql;
};
