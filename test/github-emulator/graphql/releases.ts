import { mayWrite } from "../auth.ts";
import type { Release, Repository } from "../world/model.ts";
import type { GraphqlViewer } from "./context.ts";

/** Releases the viewer may see: drafts are for users with push access. */
export function visibleReleases(repository: Repository, viewer: GraphqlViewer): Release[] {
  const sees = mayWrite(viewer.permission(repository));
  return repository.releases.filter((release) => !release.draft || sees);
}
