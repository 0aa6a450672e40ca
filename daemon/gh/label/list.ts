/** `gh label list`. */
import * as z from "zod";
import { fullName, type Repository, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import type { Context } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { exporter } from "../output/output.ts";
import { requireNoPager } from "../terminal/style.ts";
import { pluralize } from "../terminal/width.ts";

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
  if (given.search !== "") context.native("a search text");
  if (fields?.has("createdAt") || fields?.has("updatedAt")) context.native("REST does not say when a label was made");
  const repository = await context.repository.base();
  const place = `https://${context.hosts.current.name}/${fullName(repository)}`;
  const all = inOrder(context, await readLabels(context, repository), given.sort);
  const labels = (given.order === "asc" ? all : all.reverse()).slice(0, given.limit);
  if (labels.length === 0) {
    const stderr = context.style.stdoutTty ? `no labels found in ${fullName(repository)}\n` : "";
    return { stdout: "", stderr };
  }
  if (fields) {
    const data = labels.map((label) =>
      Object.fromEntries(fields.fields.map((field) => [field, projectLabel(place, label)[field]])),
    );
    return { stdout: await fields.write(data) };
  }
  requireNoPager(context.invocation.env, context.style);
  return renderHuman(context, repository, labels, all.length);
}

/** Every label of a repository. */
export function readLabels(context: Context, repository: Repository): Promise<readonly Label[]> {
  return context.reads.list(repositoryPath(repository, "labels"), labelSchema, { identity: ({ id }) => id });
}

/** Ids grow as labels are made. */
export function byCreation(labels: readonly Label[]): Label[] {
  return [...labels].sort((a, b) => a.id - b.id);
}

function inOrder(context: Context, labels: readonly Label[], sort: string): Label[] {
  if (sort === "created") return byCreation(labels);
  return [...labels].sort((a, b) => compareNames(context, a.name, b.name));
}

/** GitHub's collation is its database's; only where every one agrees is the order known. */
function compareNames(context: Context, a: string, b: string): number {
  if (!/^[a-z0-9 ]+$/.test(a + b)) context.native("an order by unusual names");
  return a < b ? -1 : a > b ? 1 : 0;
}

function projectLabel(place: string, label: Label) {
  return {
    color: label.color,
    createdAt: undefined,
    description: label.description ?? "",
    id: label.node_id,
    isDefault: label.default,
    name: label.name,
    updatedAt: undefined,
    // GitHub writes a label's name the same way in both of its addresses.
    url: `${place}/labels/${label.url.split("/").at(-1) ?? ""}`,
  };
}

function renderHuman(context: Context, repository: Repository, labels: readonly Label[], total: number): Result {
  const name = fullName(repository);
  const tty = context.style.stdoutTty;
  const { hex } = paints(context);
  const rows = labels.map(({ name: text, description, color }) => [
    { text, color: (shown: string) => hex(color, shown) },
    { text: description ?? "" },
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
