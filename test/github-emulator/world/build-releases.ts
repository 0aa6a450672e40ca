import { createHash } from "node:crypto";
import type { ThreadContext } from "./build-threads.ts";
import { timedId } from "./context.ts";
import { nodeId } from "./ids.ts";
import type { Deployment, Release } from "./model.ts";
import type { ReleaseInput, RepositoryInput } from "./schema.ts";

/** GitHub keeps the digests of assets that were uploaded since then. */
const digestsSince = "2025-06-03";

export function buildRelease(context: ThreadContext, input: ReleaseInput, order: number): Release {
  const { repository } = context;
  const tag = repository.tags.get(input.tag);
  const commit = tag && repository.commits.get(tag.sha);
  const created_at =
    input.created_at ?? commit?.committer.date ?? context.after(repository.created_at, (order + 1) * 86_400);
  const id = timedId(context, "release", input.id, created_at);
  const author = context.actor(input.author === undefined ? context.maintainer : input.author);
  const published_at = input.draft ? null : (input.published_at ?? context.after(created_at, 600));
  return {
    id,
    node_id: nodeId("RE", repository.id, id),
    tag: input.tag,
    name: input.name === undefined ? input.tag : input.name,
    body: input.body,
    draft: input.draft,
    prerelease: input.prerelease,
    immutable: input.immutable,
    latest: input.latest ?? null,
    target: input.target ?? repository.default_branch,
    author,
    created_at,
    published_at,
    updated_at: input.updated_at ?? published_at ?? created_at,
    assets: input.assets.map((asset) => {
      const uploaded = asset.created_at ?? context.after(published_at ?? created_at, 60);
      const content = Buffer.from(asset.content ?? `${input.tag} ${asset.name}\n`);
      const assetId = timedId(context, "asset", asset.id, uploaded);
      return {
        id: assetId,
        node_id: nodeId("RA", repository.id, assetId),
        name: asset.name,
        label: asset.label,
        content_type: asset.content_type,
        content,
        size: asset.size ?? content.length,
        digest: uploaded < digestsSince ? null : `sha256:${createHash("sha256").update(content).digest("hex")}`,
        download_count: asset.download_count,
        uploader: asset.uploader === undefined ? author : context.actor(asset.uploader),
        created_at: uploaded,
        updated_at: asset.updated_at ?? uploaded,
      };
    }),
    reactions: context.reactions(input.reactions),
  };
}

export function buildDeployment(
  context: ThreadContext,
  input: RepositoryInput["deployments"][number],
  order: number,
): Deployment {
  const { repository } = context;
  const ref = input.ref ?? repository.default_branch;
  const created_at = input.created_at ?? context.after(repository.created_at, (order + 1) * 86_400);
  const id = timedId(context, "deployment", input.id, created_at);
  return {
    id,
    node_id: nodeId("DE", repository.id, id),
    sha: repository.branches.get(ref)?.sha ?? ref,
    ref,
    environment: input.environment,
    description: input.description,
    creator: context.actor(input.creator === undefined ? context.maintainer : input.creator),
    created_at,
  };
}
