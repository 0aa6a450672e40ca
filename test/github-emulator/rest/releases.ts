import { mayWrite, permissionOn } from "../auth.ts";
import { notFound, ok, type RepositoryCall, type RepositoryRoutes } from "../http.ts";
import { latestRelease, newestFirst, release, releaseAsset } from "../render/releases.ts";
import type { Asset, Release } from "../world/model.ts";
import { repositoryPage } from "./common.ts";
import { reactionPage } from "./issues.ts";
import { signedRedirect } from "./signed.ts";

const missingDocs = "/releases/releases#get-a-release";

/** Releases; drafts are there only for users with write access. */
export const releaseRoutes: RepositoryRoutes = {
  "GET /releases": (call) => repositoryPage(call, visible(call), (each) => release(call.repository, each)),
  "GET /releases/latest": ({ repository }) => {
    const found = latestRelease(repository);
    return found ? ok(release(repository, found)) : notFound("/releases/releases#get-the-latest-release");
  },
  "GET /releases/tags/:tag+": (call) => {
    const found = call.repository.releases.find((each) => !each.draft && each.tag === call.params.tag);
    return found ? ok(release(call.repository, found)) : notFound("/releases/releases#get-a-release-by-tag-name");
  },
  "GET /releases/:id": (call) => {
    const found = findRelease(call);
    return found ? ok(release(call.repository, found)) : notFound(missingDocs);
  },
  "GET /releases/:id/assets": (call) => {
    const found = findRelease(call);
    return found
      ? repositoryPage(call, found.assets, (each) => releaseAsset(call.repository, found, each))
      : notFound(missingDocs);
  },
  "GET /releases/:id/reactions": (call) => {
    const found = findRelease(call);
    return found ? reactionPage(call, found) : notFound(missingDocs);
  },
  "GET /releases/assets/:id": (call) => {
    for (const each of visible(call)) {
      const asset = each.assets.find(({ id }) => id === Number(call.params.id));
      if (asset) return assetReply(call, each, asset);
    }
    return notFound("/releases/assets#get-a-release-asset");
  },
};

function assetReply(call: RepositoryCall, parent: Release, asset: Asset) {
  const binary = call.headers.accept?.includes("application/octet-stream");
  return binary
    ? signedRedirect(call, asset.name, asset.content_type, () => asset.content)
    : ok(releaseAsset(call.repository, parent, asset));
}

function visible(call: RepositoryCall): Release[] {
  const writes = mayWrite(permissionOn(call.world, call.viewer, call.repository));
  const credentials = call.viewer.kind !== "anonymous";
  return newestFirst(call.repository.releases.filter((each) => !each.draft || (writes && credentials)));
}

function findRelease(call: RepositoryCall): Release | undefined {
  return visible(call).find((each) => each.id === Number(call.params.id));
}
