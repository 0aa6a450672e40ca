/** `gh release list`. */
import * as z from "zod";
import { repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import type { Context } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { told } from "../github/schemas.ts";
import { squeezeSpace } from "../go/strings.ts";
import { goTime, goTimeToSecond } from "../go/time.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { exporter } from "../output/output.ts";
import { requireNoPager } from "../terminal/style.ts";
import type { Row } from "../terminal/table.ts";
import { relativeTime } from "../terminal/times.ts";
import { laterFields } from "../versions.ts";
import { readLatest } from "./newest.ts";

const flags = {
  ...repositoryFlag,
  ...exportFlags,
  "exclude-drafts": { type: "bool" },
  "exclude-pre-releases": { type: "bool" },
  limit: { type: "int", short: "L", default: 30 },
  order: { type: "string", short: "O", oneOf: ["asc", "desc"], default: "desc" },
} as const satisfies FlagTable;

const itemSchema = z.looseObject({
  id: z.number().int(),
  tag_name: z.string(),
  name: z.string().nullish(),
  draft: z.boolean(),
  immutable: z.boolean().optional(),
  prerelease: z.boolean(),
  created_at: z.string(),
  published_at: z.string().nullish(),
});

interface Item extends z.infer<typeof itemSchema> {
  readonly latest: boolean;
}

const listFields = [
  "createdAt",
  "isDraft",
  "isImmutable",
  "isLatest",
  "isPrerelease",
  "name",
  "publishedAt",
  "tagName",
] as const;

const values: Readonly<Record<(typeof listFields)[number], (item: Item) => unknown>> = {
  createdAt: ({ created_at }) => goTime(created_at),
  isDraft: ({ draft }) => draft,
  isImmutable: ({ immutable }) => told(immutable, "whether a release is immutable"),
  isLatest: ({ latest }) => latest,
  isPrerelease: ({ prerelease }) => prerelease,
  name: ({ name }) => name ?? "",
  publishedAt: ({ published_at }) => goTime(published_at),
  tagName: ({ tag_name }) => tag_name,
};

async function run(call: Call<typeof flags>): Promise<Result> {
  const { context, flags: given } = call;
  const fields = await exporter(call, listFields, { isImmutable: laterFields.release.isImmutable });
  if (given.limit < 1 && context.gh.has("releaseLimit")) call.refuse(`invalid limit: ${given.limit}`);
  if (given.limit < 1) context.native("a limit that GitHub refuses");
  // Users with push access see drafts in the list; the pool's answers hold none.
  const viewer = given["exclude-drafts"] ? undefined : "drafts that only some may see";
  const repository = await context.repository.base();
  const [read, latest] = await Promise.all([
    context.reads.list(repositoryPath(repository, "releases"), itemSchema, { identity: ({ id }) => id, viewer }),
    !fields || fields.has("isLatest") ? readLatest(context, repository, itemSchema) : undefined,
  ]);
  const items = inOrder(context, read, given.order)
    .filter(
      ({ draft, prerelease }) => !(draft && given["exclude-drafts"]) && !(prerelease && given["exclude-pre-releases"]),
    )
    .slice(0, given.limit)
    .map((item) => ({ ...item, latest: item.id === latest?.id }));
  if (fields) {
    const data = items.map((item) => Object.fromEntries(fields.fields.map((field) => [field, values[field](item)])));
    return { stdout: await fields.write(data) };
  }
  requireNoPager(context.invocation.env, context.style);
  if (items.length === 0) return { stdout: "", stderr: context.style.stdoutTty ? "no releases found\n" : "" };
  return {
    stdout: renderTable(
      context,
      ["TITLE", "TYPE", "TAG NAME", "PUBLISHED"],
      items.map((item) => row(context, item)),
    ),
  };
}

/** gh asks for them by the time they were made; REST has an order of its own. */
function inOrder<T extends z.infer<typeof itemSchema>>(context: Context, items: readonly T[], order: string): T[] {
  if (new Set(items.map(({ created_at }) => created_at)).size < items.length) {
    // GitHub breaks ties by rules that are not known.
    if (!isSorted(items)) context.native("releases made at the same time");
    return order === "desc" ? [...items] : context.native("releases made at the same time");
  }
  const newest = [...items].sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
  return order === "desc" ? newest : newest.reverse();
}

function isSorted(items: readonly z.infer<typeof itemSchema>[]): boolean {
  return items.every((item, at) => at === 0 || (items[at - 1]?.created_at ?? "") >= item.created_at);
}

function row(context: Context, item: Item): Row {
  const colors = paints(context);
  const tty = context.style.stdoutTty;
  const when = item.published_at ?? item.created_at;
  const title = squeezeSpace(item.name ?? "") || item.tag_name;
  const kind = item.latest
    ? { text: "Latest", color: colors.green }
    : item.draft
      ? { text: "Draft", color: colors.red }
      : { text: item.prerelease ? "Pre-release" : "", ...(item.prerelease && { color: colors.yellow }) };
  const age = tty ? relativeTime(context.now(), Date.parse(when)) : goTimeToSecond(when);
  return [{ text: title }, kind, { text: item.tag_name, truncate: null }, { text: age, color: colors.gray }];
}

export const releaseList: Command = defineCommand({
  path: ["release", "list"],
  aliases: ["ls"],
  asksGraphql: () => true,
  arguments: "none",
  flags,
  json: { known: listFields, later: { isImmutable: laterFields.release.isImmutable } },
  run,
});
