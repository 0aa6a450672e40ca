import { GitHubRefusal } from "../command-failure.ts";

/** For `catch` of a read: undefined where GitHub finds nothing. */
export function unlessMissing(error: unknown): undefined {
  if (!(error instanceof GitHubRefusal && error.status === 404)) throw error;
}
