/** `gh label list`. */
import * as z from "zod";
import { fullName, type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import type { Context } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { compareStrings } from "../go/strings.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { exporter } from "../output/output.ts";
import { requireNoPager } from "../terminal/style.ts";
import { pluralize } from "../terminal/width.ts";
import { type QueriedLabel, queryLabels } from "./query.ts";

const flags = {
  ...repositoryFlag,
  ...exportFlags,
  limit: { type: "int", short: "L", default: 30 },
  order: { type: "string", oneOf: ["asc", "desc"], default: "asc" },
  search: { type: "string", short: "S" },
  sort: { type: "string", oneOf: ["created", "name"], default: "created" },
} as const satisfies FlagTable;

type ListCall = Call<typeof flags>;

const labelSchema = z.looseObject({
  id: z.number().int(),
  node_id: z.string(),
  url: z.string(),
  name: z.string(),
  color: z.string(),
  default: z.boolean(),
  description: z.string().nullish(),
});
type Label = z.infer<typeof labelSchema>;

const labelFields = ["color", "createdAt", "description", "id", "isDefault", "name", "updatedAt", "url"] as const;

async function run(call: ListCall): Promise<Result> {
  const { context, flags: given } = call;
  const fields = await exporter(call, labelFields);
  if (given.limit < 1) call.refuse(`invalid limit: ${given.limit}`);
  if (given.search !== "" && (call.given.has("order") || call.given.has("sort")))
    call.refuse("cannot specify `--order` or `--sort` with `--search`");
  const repository = await context.repository.base();
  const inRest = given.search === "" && !fields?.has("createdAt") && !fields?.has("updatedAt");
  const read = inRest ? await readInOrder(context, repository, given) : undefined;
  const { labels, total } = read ?? (await queryLabels(context, repository, given));
  if (labels.length === 0) {
    const stderr = context.style.stdoutTty ? `no labels found in ${fullName(repository)}\n` : "";
    return { stdout: "", stderr };
  }
  if (fields) {
    const data = labels.map((label) => Object.fromEntries(fields.fields.map((field) => [field, label[field]])));
    return { stdout: await fields.write(data) };
  }
  requireNoPager(context.invocation.env, context.style);
  return renderHuman(context, repository, labels, total);
}

/** Every label of a repository. */
export function readLabels(context: Context, repository: RepositoryName): Promise<readonly Label[]> {
  return context.reads.list(repositoryPath(repository, "labels"), labelSchema, { identity: ({ id }) => id });
}

/** Ids grow as labels are made. */
export function byCreation(labels: readonly Label[]): Label[] {
  return [...labels].sort((a, b) => a.id - b.id);
}

interface Ordered {
  readonly limit: number;
  readonly order: string;
  readonly sort: string;
}

/** By REST; undefined where GitHub's order is its database's: only where every collation agrees is it known. */
async function readInOrder(context: Context, repository: RepositoryName, { limit, order, sort }: Ordered) {
  const place = `https://${context.hosts.current.name}/${fullName(repository)}`;
  const all = byCreation(await readLabels(context, repository));
  if (sort === "name") {
    if (all.some(({ name }) => !/^[a-z0-9 ]+$/.test(name))) return undefined;
    all.sort((a, b) => compareStrings(a.name, b.name));
  }
  const labels = (order === "asc" ? all : all.reverse()).slice(0, limit);
  return { labels: labels.map((label) => projectLabel(place, label)), total: all.length };
}

function projectLabel(place: string, label: Label): ShownLabel {
  return {
    color: label.color,
    description: label.description ?? "",
    id: label.node_id,
    isDefault: label.default,
    name: label.name,
    // GitHub writes a label's name the same way in both of its addresses.
    url: `${place}/labels/${label.url.split("/").at(-1) ?? ""}`,
  };
}

/** A label as it is printed; REST does not say when it was made. */
type ShownLabel = Omit<QueriedLabel, "createdAt" | "updatedAt"> & Partial<QueriedLabel>;

function renderHuman(
  context: Context,
  repository: RepositoryName,
  labels: readonly ShownLabel[],
  total: number,
): Result {
  const name = fullName(repository);
  const tty = context.style.stdoutTty;
  const { hex } = paints(context);
  const rows = labels.map(({ name: text, description, color }) => [
    { text, color: (shown: string) => hex(color, shown) },
    { text: description },
    { text: `#${color}` },
  ]);
  const header = tty ? `\nShowing ${labels.length} of ${pluralize(total, "label")} in ${name}\n\n` : "";
  return { stdout: header + renderTable(context, ["NAME", "DESCRIPTION", "COLOR"], rows) };
}

export const labelList: Command = defineCommand({
  path: ["label", "list"],
  aliases: ["ls"],
  asksGraphql: () => true,
  arguments: "none",
  flags,
  json: { known: labelFields },
  run,
});
