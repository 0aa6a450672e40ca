/** The eras of gh whose answers are kept, and the committed files of each. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { isAtLeast } from "../../daemon/gh/versions.ts";

const eras = ["2.46", "2.96"] as const;

/** The directory of a release's answers: the newest era that it is not older than. */
export function goldenEra(version: string): string {
  const found = eras.findLast((era) => isAtLeast(version, era));
  if (found === undefined) throw new Error(`gh ${version} is older than every era: ${eras.join(", ")}`);
  return found;
}

/** How many cases an era has, and how many of them Octopool answers: neither may shrink unseen. */
const countsSchema = z.object({
  cases: z.int(),
  answered: z.int(),
  /** Native although no row of the compatibility table says so: no more than these. */
  avoidableNative: z.int(),
  /** Those of them that no golden shows, since gh's output changes with the seconds. */
  unsteadyNative: z.int(),
});
export type EraCounts = z.infer<typeof countsSchema>;

/** The counts committed for an era; undefined where there are none. */
export async function readCounts(directory: string): Promise<EraCounts | undefined> {
  const text = await readFile(join(directory, countsFile), "utf8").catch(() => undefined);
  return text === undefined ? undefined : countsSchema.parse(JSON.parse(text));
}

export const countsFile = "counts.json";
