/**
 * Resources that may be missing. GitHub charges each answer that there is none, and no list that has not changed: a list
 * that would show the resource proves for free that it is missing still.
 */
import type * as z from "zod";
import { GitHubRefusal } from "../command-failure.ts";
import type { ReadOptions } from "./options.ts";
import type { Reads } from "./reads.ts";

/** Undefined: not there, or not known. */
type Look = <T>(path: string, schema: z.ZodType<T>, options?: ReadOptions) => Promise<T | undefined>;

/** Whether what it looks at shows for certain that a resource is missing. */
export type MissingProof = (look: Look) => Promise<boolean>;

/** One resource; undefined where it is missing. What this machine knows of its proof decides what is asked first. */
export async function readUnlessMissing<T>(
  reads: Reads,
  path: string,
  schema: z.ZodType<T>,
  { proof, ...options }: ReadOptions & { readonly proof: MissingProof },
): Promise<T | undefined> {
  const recall: Look = (...asked) => reads.recalled(...asked);
  const read: Look = (...asked) => reads.get(...asked).catch(unlessMissing);
  if ((await proof(recall)) && (await proof(read))) return undefined;
  const found = await read(path, schema, options);
  // Read for the next call.
  if (found === undefined && reads.isOwn(path)) await proof(read);
  return found;
}

/** For `catch` of a read: undefined where GitHub finds nothing. */
export function unlessMissing(error: unknown): undefined {
  if (!(error instanceof GitHubRefusal && error.status === 404)) throw error;
}
