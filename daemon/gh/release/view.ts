/** `gh release view`: of a tag, or the latest. */

import { repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import { CommandFailure, GitHubRefusal } from "../command-failure.ts";
import type { FlagTable } from "../flags.ts";
import { told } from "../github/schemas.ts";
import { goTimeToSecond } from "../go/time.ts";
import { exporter } from "../output/output.ts";
import { requireNoPager } from "../terminal/style.ts";
import { type GhRelease, laterFields } from "../versions.ts";
import { projectRelease, type Release, releaseFields, releaseSchema } from "./model.ts";

const flags = { ...repositoryFlag, ...exportFlags } as const satisfies FlagTable;

type ViewCall = Call<typeof flags>;

async function run(call: ViewCall): Promise<Result> {
  const { context } = call;
  const fields = await exporter(call, releaseFields, laterFields.release);
  const release = await readRelease(call);
  // Those who may push see drafts; the pool's answer never holds one.
  if (release.draft) context.native("a draft");
  if (fields) return { stdout: await fields.write(projectRelease(fields.fields, release, context.gh)) };
  requireNoPager(context.invocation.env, context.style);
  if (context.style.stdoutTty) context.native("markdown on a terminal");
  return { stdout: render(release, context.gh) };
}

/** A tag without a published release may have a draft that only some may see: the real gh looks. */
async function readRelease({ args, context }: ViewCall): Promise<Release> {
  const [tag = ""] = args;
  const repository = await context.repository.base();
  if (tag !== "") {
    if (/[%?#]/.test(tag)) context.native("a tag that gh puts into the path as it is");
    const path = repositoryPath(repository, "releases", "tags", encodeURIComponent(tag));
    return context.reads.get(path, releaseSchema);
  }
  try {
    return await context.reads.get(repositoryPath(repository, "releases", "latest"), releaseSchema);
  } catch (error) {
    if (!(error instanceof GitHubRefusal && error.status === 404)) throw error;
    await context.reads.repositoryExists(repository);
    throw new CommandFailure("release not found");
  }
}

function render(release: Release, gh: GhRelease): string {
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
    ["published", goTimeToSecond(release.published_at)],
    ["url", release.html_url],
    ...release.assets.map(({ name }) => ["asset", name]),
  ];
  const head = lines.map(([name, value]) => `${name}:\t${value}\n`).join("");
  return `${head}--\n${body}${body.endsWith("\n") ? "" : "\n"}`;
}

export const releaseView: Command = defineCommand({
  path: ["release", "view"],
  flags,
  json: { known: releaseFields, later: laterFields.release },
  arguments: "optional",
  run,
});
