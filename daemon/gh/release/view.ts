/** `gh release view`: of a tag, or the latest. */

import * as z from "zod";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import { CommandFailure } from "../command-failure.ts";
import type { Context } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { told } from "../github/schemas.ts";
import { goTimeToSecond } from "../go/time.ts";
import { exporter } from "../output/output.ts";
import { queryOwn } from "../own-query.ts";
import { type MissingProof, readUnlessMissing, unlessMissing } from "../reads/missing.ts";
import { requireNoPager } from "../terminal/style.ts";
import { type GhRelease, laterFields } from "../versions.ts";
import { projectRelease, type RestRelease, releaseFields, releaseSchema } from "./model.ts";
import { isWhole, newestReleases } from "./newest.ts";

const flags = { ...repositoryFlag, ...exportFlags } as const satisfies FlagTable;

type ViewCall = Call<typeof flags>;

async function run(call: ViewCall): Promise<Result> {
  const { context } = call;
  const fields = await exporter(call, releaseFields, laterFields.release);
  const release = await readRelease(call);
  if (fields) return { stdout: await fields.write(projectRelease(fields.fields, release, context.gh)) };
  requireNoPager(context.invocation.env, context.style);
  if (context.style.stdoutTty) context.native("markdown on a terminal");
  return { stdout: render(release, context.gh) };
}

async function readRelease({ args, context }: ViewCall): Promise<RestRelease> {
  const [tag = ""] = args;
  const repository = await context.repository.base();
  if (tag !== "") return readTagged(context, repository, tag);
  const latest = await context.reads
    .get(repositoryPath(repository, "releases", "latest"), releaseSchema)
    .catch(unlessMissing);
  if (latest) return latest;
  await context.reads.repositoryExists(repository);
  return notFound();
}

/** A tag without a published release may have a draft, which users with push access see. */
async function readTagged(context: Context, repository: RepositoryName, tag: string): Promise<RestRelease> {
  if (/[%?#]/.test(tag)) context.native("a tag that gh puts into the path as it is");
  const proof: MissingProof = async (look) => {
    const newest = await look(...newestReleases(repository, drafts));
    return isWhole(newest) && newest.every(({ draft, tag_name }) => draft || tag_name !== tag);
  };
  const path = repositoryPath(repository, "releases", "tags", encodeURIComponent(tag));
  const release = await readUnlessMissing(context.reads, path, releaseSchema, { proof });
  return release ?? readDraft(context, repository, tag);
}

const draftSchema = z.object({
  repository: z.object({ release: z.object({ databaseId: z.int(), isDraft: z.boolean() }).nullable() }),
});

async function readDraft(context: Context, repository: RepositoryName, tag: string): Promise<RestRelease> {
  const newest = await context.reads.get(...newestReleases(repository, drafts)).catch(unlessMissing);
  if (isWhole(newest)) {
    const [draft, another] = newest.filter(({ tag_name }) => tag_name === tag);
    if (draft === undefined) notFound();
    // Which of two is shown is GraphQL's to say.
    if (draft.draft && another === undefined) return draft;
  }
  const query = `query RepositoryReleaseByTag($owner: String!, $name: String!, $tagName: String!) {
    repository(owner: $owner, name: $name) { release(tagName: $tagName) { databaseId isDraft } } }`;
  const variables = { ...repository, tagName: tag };
  const asked = queryOwn(context, { query, variables }, draftSchema, { why: drafts, live: false });
  const { release } = (
    await asked.catch((error: unknown) => {
      // For a missing repository, later releases of gh print only that message.
      if (error instanceof CommandFailure && context.gh.has("missingOfRelease")) notFound();
      throw error;
    })
  ).repository;
  if (!release?.isDraft) notFound();
  return context.reads.get(repositoryPath(repository, "releases", release.databaseId), releaseSchema, {
    viewer: drafts,
  });
}

const drafts = "drafts are seen by users with push access";
function notFound(): never {
  throw new CommandFailure("release not found");
}

function render(release: RestRelease, gh: GhRelease): string {
  const body = release.body ?? "";
  const lines = [
    ["title", release.name ?? ""],
    ["tag", release.tag_name],
    ["draft", String(release.draft)],
    ["prerelease", String(release.prerelease)],
    ...(gh.has("immutableReleases")
      ? [["immutable", String(told(release.immutable, "whether a release is immutable"))]]
      : []),
    ["author", release.author?.login ?? ""],
    ["created", goTimeToSecond(release.created_at)],
    ...(release.draft ? [] : [["published", goTimeToSecond(release.published_at)]]),
    ["url", release.html_url],
    ...release.assets.map(({ name }) => ["asset", name]),
  ];
  const head = lines.map(([name, value]) => `${name}:\t${value}\n`).join("");
  return `${head}--\n${body}${body.endsWith("\n") ? "" : "\n"}`;
}

export const releaseView: Command = defineCommand({
  path: ["release", "view"],
  onServers: true,
  flags,
  json: { known: releaseFields, later: laterFields.release },
  arguments: "optional",
  run,
});
