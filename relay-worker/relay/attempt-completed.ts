/** Whether the run attempt of a job list is known to be over: only then are its jobs final. */
import { inArray } from "drizzle-orm";
import { z } from "zod";
import { readEntry } from "../cache/row.ts";
import { database } from "../db/client.ts";
import { githubCacheEntries } from "../db/schema.ts";
import type { Answered } from "./attempt.ts";
import { planRead } from "./plan.ts";
import { parseJson } from "./pool-state.ts";
import type { Work } from "./work.ts";

const runSchema = z.object({ status: z.string().nullable(), run_attempt: z.number() });

/** Looks for a stored view of the run or of its attempt; asks GitHub nothing. */
export async function provenCompleted(work: Work, { response }: Answered): Promise<boolean> {
  const { route, params } = work.plan.classified;
  const { id, attempt } = params;
  if (route.kind !== "run_jobs" || attempt === undefined || response.status >= 400) return false;
  const run = `/repos/${work.plan.repo}/actions/runs/${id}`;
  const plans = await Promise.all(
    [run, `${run}/attempts/${attempt}`].map((path) => planRead({ pool: work.pool.name, method: "GET", path })),
  );
  try {
    const rows = await database(work.env)
      .select()
      .from(githubCacheEntries)
      .where(
        inArray(
          githubCacheEntries.key,
          plans.map(({ key }) => key),
        ),
      );
    return rows.some((row) => {
      const seen = runSchema.safeParse(parseJson(readEntry(row)?.answer.body ?? "")).data;
      if (!seen) return false;
      const wanted = Number(attempt);
      return seen.run_attempt > wanted || (seen.run_attempt === wanted && seen.status === "completed");
    });
  } catch {
    return false;
  }
}
