/** The proof that stored answers give about the one that was just read, without a request to GitHub. */
import { inArray } from "drizzle-orm";
import * as z from "zod";
import { parseJson } from "../../../shared/parse-json.ts";
import type { CacheEntry } from "../../cache/entry.ts";
import { readEntry } from "../../cache/row.ts";
import { database } from "../../db/client.ts";
import { githubCacheEntries } from "../../db/schema.ts";
import { planRead } from "../plan.ts";
import type { Answered } from "./read.ts";
import type { Work } from "./work.ts";

interface Evidence {
  /** The run attempt of a job list was seen completed: only then are its jobs final. */
  readonly attemptCompleted: boolean;
  /** The pull request's head is the one that the caller's hint names. */
  readonly headVerified: boolean;
}

const runSchema = z.object({ status: z.string().nullable(), run_attempt: z.number() });
const pullSchema = z.object({ head: z.object({ sha: z.string() }) });

export async function evidence(work: Work, { response }: Answered): Promise<Evidence> {
  const readable = response.status < 400;
  return {
    attemptCompleted: readable && (await attemptCompleted(work)),
    headVerified: readable && (await headVerified(work)),
  };
}

/** A view of the attempt shows it, or one of the run, when the run is at this attempt or beyond. */
async function attemptCompleted(work: Work): Promise<boolean> {
  const { route, params } = work.plan.classified;
  const { id, attempt } = params;
  if (route.kind !== "run_jobs" || attempt === undefined) return false;
  const run = `/repos/${work.plan.repo}/actions/runs/${id}`;
  const wanted = Number(attempt);
  return (await stored(work, [run, `${run}/attempts/${attempt}`])).some((entry) => {
    const seen = runSchema.safeParse(parseJson(entry.answer.body)).data;
    if (!seen) return false;
    return seen.run_attempt > wanted || (seen.run_attempt === wanted && seen.status === "completed");
  });
}

/** The hint is checked against a view of the pull request that is itself still fresh. */
async function headVerified(work: Work): Promise<boolean> {
  const { classified, headHint, repo } = work.plan;
  if (classified.route.kind !== "pr_files" || headHint === undefined) return false;
  const now = work.deps.clock();
  return (await stored(work, [`/repos/${repo}/pulls/${classified.params.number}`])).some(
    (entry) => now < entry.expiresAt && pullSchema.safeParse(parseJson(entry.answer.body)).data?.head.sha === headHint,
  );
}

async function stored(work: Work, paths: readonly string[]): Promise<CacheEntry[]> {
  const plans = await Promise.all(paths.map((path) => planRead({ pool: work.pool.name, method: "GET", path })));
  const keys = plans.map(({ key }) => key);
  try {
    const rows = await database(work.env)
      .select()
      .from(githubCacheEntries)
      .where(inArray(githubCacheEntries.key, keys));
    return rows.map(readEntry).filter((entry) => entry !== undefined);
  } catch {
    return [];
  }
}
