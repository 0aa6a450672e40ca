/** The real gh, for commands that also work without it. */
import { OctopoolError } from "../shared/errors.ts";
import { findRealGh } from "../shared/find-gh.ts";
import type { Io } from "./io.ts";

/**
 * @returns `undefined` when there is none.
 * @throws OctopoolError `environment_invalid` for an OCTOPOOL_GH_PATH that cannot be it.
 */
export function realGhIfAny(io: Pick<Io, "env" | "ourselves">): string | undefined {
  try {
    return findRealGh(io);
  } catch (error) {
    if (error instanceof OctopoolError && error.code === "real_gh_not_found") return undefined;
    throw error;
  }
}
