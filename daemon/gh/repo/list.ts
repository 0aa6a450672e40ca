/** `gh repo list`: the public ones from the pool; any other list is read with the caller's own token. */
import { type Call, type Command, defineCommand, exportFlags, type Result } from "../command.ts";
import type { FlagTable } from "../flags.ts";
import { squeezeSpace } from "../go/strings.ts";
import { goTimeToSecond } from "../go/time.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { exporter, requireFields } from "../output/output.ts";
import { requireNoPager } from "../terminal/style.ts";
import type { Row } from "../terminal/table.ts";
import { relativeTime } from "../terminal/times.ts";
import { laterFields } from "../versions.ts";
import { fieldsViewer, projectRepository, repositoryFields, requireKnown } from "./fields.ts";
import type { RestRepository } from "./model.ts";
import { readPublic, readVisible } from "./owned.ts";

const flags = {
  ...exportFlags,
  archived: { type: "bool" },
  fork: { type: "bool" },
  language: { type: "string", short: "l" },
  limit: { type: "int", short: "L", default: 30 },
  "no-archived": { type: "bool" },
  source: { type: "bool" },
  topic: { type: "strings" },
  visibility: { type: "string", oneOf: ["public", "private", "internal"] },
} as const satisfies FlagTable;

type ListCall = Call<typeof flags>;

/** In a list REST says less of each repository, and asking for each would cost too much. */
const notInLists = new Set([
  "issues",
  "labels",
  "languages",
  "latestRelease",
  "milestones",
  "parent",
  "pullRequests",
  "watchers",
]);

async function run(call: ListCall): Promise<Result> {
  const { args, context, flags: given } = call;
  const fields = await exporter(call, repositoryFields, laterFields.repository);
  requireFields(fields, context);
  const [owner = ""] = args;
  if (given.limit < 1) call.refuse(`invalid limit: ${given.limit}`);
  if (given.fork && given.source) call.refuse("specify only one of `--source` or `--fork`");
  if (given.archived && given["no-archived"]) call.refuse("specify only one of `--archived` or `--no-archived`");
  if (!/^[\w-]*$/.test(owner) || (owner === "" && args.length > 0)) context.native("no owner named");
  // The real gh does not list internal repositories, it searches for them.
  if (given.visibility === "internal") context.native("a search among repositories");
  if (given.archived || given["no-archived"] || given.language !== "" || given.topic.length > 0) {
    context.native("a search among repositories");
  }
  if (fields) requireKnown(fields.fields, context);
  if (fields?.fields.some((field) => notInLists.has(field))) context.native("a field that lists do not have");
  const { repositories, login } = await readRepositories(call, fieldsViewer(fields?.fields ?? []) !== undefined);
  requireOrder(repositories, call);
  if (fields) {
    const items = repositories.slice(0, given.limit).map((body) => {
      const repository = { owner: body.owner.login, name: body.name };
      return projectRepository(fields.fields, { context, repository, body });
    });
    return { stdout: await fields.write(await Promise.all(items)) };
  }
  requireNoPager(context.invocation.env, context.style);
  return renderHuman(call, login, repositories);
}

/** gh takes GraphQL's order of what was pushed to in the same second, which need not be REST's. */
function requireOrder(repositories: readonly RestRepository[], { context, flags: { limit } }: ListCall): void {
  for (const [index, { pushed_at }] of repositories.slice(0, limit).entries()) {
    const next = repositories[index + 1];
    if (next && next.pushed_at === pushed_at) context.native("repositories pushed to at the same time");
  }
}

/** @param asViewer - a field depends on who asks */
async function readRepositories({ context, flags: given, args: [owner = ""] }: ListCall, asViewer: boolean) {
  const wanted = given.visibility;
  const list =
    wanted === "public" && owner !== "" && !asViewer
      ? await readPublic(context, owner)
      : await readVisible(context, owner);
  if (wanted === "private" && list.repositories.some(({ visibility }) => visibility === "internal")) {
    context.native("an internal repository among the private ones");
  }
  const repositories = list.repositories
    .filter((repository) => wanted === "" || repository.private === (wanted === "private"))
    .filter(({ fork }) => (given.fork ? fork : given.source ? !fork : true));
  return { login: list.login, repositories };
}

function renderHuman({ context, flags: given }: ListCall, login: string, all: readonly RestRepository[]): Result {
  const tty = context.style.stdoutTty;
  const shown = all.slice(0, given.limit);
  const colors = paints(context);
  const now = context.now();
  const row = (repository: RestRepository): Row => {
    const tags = [
      repository.visibility,
      ...(repository.fork ? ["fork"] : []),
      ...(repository.archived ? ["archived"] : []),
    ];
    const when = repository.pushed_at ?? repository.created_at;
    return [
      { text: repository.full_name, color: colors.bold },
      { text: squeezeSpace(repository.description ?? "") },
      { text: tags.join(", "), color: repository.private ? colors.yellow : colors.gray },
      { text: tty ? relativeTime(now, Date.parse(when)) : goTimeToSecond(when), color: colors.gray },
    ];
  };
  const filtered = given.visibility !== "" || given.fork || given.source;
  const header = tty ? `\n${listHeader({ login, filtered }, shown.length, all.length)}\n\n` : "";
  if (all.length === 0) return { stdout: header };
  return { stdout: header + renderTable(context, ["NAME", "DESCRIPTION", "INFO", "UPDATED"], shown.map(row)) };
}

function listHeader({ login, filtered }: { login: string; filtered: boolean }, shown: number, total: number): string {
  if (total === 0) return filtered ? "No results match your search" : `There are no repositories in @${login}`;
  return `Showing ${shown} of ${total} repositories in @${login}${filtered ? " that match your search" : ""}`;
}

export const repoList: Command = defineCommand({
  path: ["repo", "list"],
  aliases: ["ls"],
  flags,
  json: { known: repositoryFields, later: laterFields.repository },
  arguments: "optional",
  run,
});
