/** Releases as GitHub's REST API has them, and `--json` of one. */
import * as z from "zod";
import { told } from "../github/schemas.ts";
import { goTime } from "../go/time.ts";
import type { GhRelease } from "../versions.ts";

const text = z.string().nullish();

const assetSchema = z.looseObject({
  url: z.string(),
  node_id: z.string(),
  name: z.string(),
  label: text,
  state: z.string(),
  content_type: z.string(),
  size: z.number().int(),
  download_count: z.number().int(),
  created_at: z.string(),
  updated_at: z.string(),
  browser_download_url: z.string(),
  digest: text,
});

export const releaseSchema = z.looseObject({
  id: z.number().int(),
  node_id: z.string(),
  url: z.string(),
  html_url: z.string(),
  upload_url: z.string(),
  tarball_url: text,
  zipball_url: text,
  tag_name: z.string(),
  target_commitish: z.string(),
  name: text,
  body: text,
  draft: z.boolean(),
  prerelease: z.boolean(),
  immutable: z.boolean().optional(),
  created_at: z.string(),
  published_at: text,
  author: z.looseObject({ node_id: z.string(), login: z.string() }).nullish(),
  assets: z.array(assetSchema),
});
export type RestRelease = z.infer<typeof releaseSchema>;

export const releaseFields = [
  "apiUrl",
  "assets",
  "author",
  "body",
  "createdAt",
  "databaseId",
  "id",
  "isDraft",
  "isImmutable",
  "isPrerelease",
  "name",
  "publishedAt",
  "tagName",
  "tarballUrl",
  "targetCommitish",
  "uploadUrl",
  "url",
  "zipballUrl",
] as const;
type ReleaseField = (typeof releaseFields)[number];

const values: Readonly<Record<ReleaseField, (release: RestRelease, gh: GhRelease) => unknown>> = {
  apiUrl: ({ url }) => url,
  assets: ({ assets }, gh) => assets.map((asset) => projectAsset(asset, gh)),
  author: ({ author }) => ({ id: author?.node_id ?? "", login: author?.login ?? "" }),
  body: ({ body }) => body ?? "",
  createdAt: ({ created_at }) => goTime(created_at),
  databaseId: ({ id }) => id,
  id: ({ node_id }) => node_id,
  isDraft: ({ draft }) => draft,
  isImmutable: ({ immutable }) => told(immutable, "whether a release is immutable"),
  isPrerelease: ({ prerelease }) => prerelease,
  name: ({ name }) => name ?? "",
  publishedAt: ({ published_at }) => (published_at ? goTime(published_at) : null),
  tagName: ({ tag_name }) => tag_name,
  tarballUrl: ({ tarball_url }) => tarball_url ?? "",
  targetCommitish: ({ target_commitish }) => target_commitish,
  uploadUrl: ({ upload_url }) => upload_url,
  url: ({ html_url }) => html_url,
  zipballUrl: ({ zipball_url }) => zipball_url ?? "",
};

/** The fields asked for. */
export function projectRelease(fields: readonly ReleaseField[], release: RestRelease, gh: GhRelease): object {
  return Object.fromEntries(fields.map((field) => [field, values[field](release, gh)]));
}

/** An asset's keys are a Go map's: sorted. */
function projectAsset(asset: z.infer<typeof assetSchema>, gh: GhRelease): object {
  return {
    apiUrl: asset.url,
    contentType: asset.content_type,
    createdAt: goTime(asset.created_at),
    ...(gh.has("assetDigests") && { digest: asset.digest ?? null }),
    downloadCount: asset.download_count,
    id: asset.node_id,
    label: asset.label ?? "",
    name: asset.name,
    size: asset.size,
    state: asset.state,
    updatedAt: goTime(asset.updated_at),
    url: asset.browser_download_url,
  };
}
