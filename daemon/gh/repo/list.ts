/** `gh repo list OWNER --visibility public`: any other list may hold repositories that only some may see. */
import { z } from "zod";
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
import { projectRepository, repositoryFields, requireKnown } from "./fields.ts";
import { type RestRepository, repositorySchema } from "./model.ts";

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
  if (owner === "" || !/^[\w-]+$/.test(owner)) context.native("no owner named");
  if (given.visibility !== "public") context.native("repositories that only some may see");
  if (given.archived || given["no-archived"] || given.language !== "" || given.topic.length > 0) {
    context.native("a search among repositories");
  }
  if (fields) requireKnown(fields.fields, context);
  if (fields?.fields.some((field) => notInLists.has(field))) context.native("a field that lists do not have");
  const { repositories, login } = await readRepositories(call, owner);
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

const accountSchema = z.looseObject({ login: z.string(), type: z.string() });

async function readRepositories({ context, flags: given }: ListCall, owner: string) {
  const { login, type } = await context.reads.get(`/users/${owner}`, accountSchema);
  const path = type === "Organization" ? `/orgs/${login}/repos` : `/users/${login}/repos`;
  const all = await context.reads.list(path, repositorySchema, {
    query: [
      ["type", type === "Organization" ? "public" : "owner"],
      ["sort", "pushed"],
      ["direction", "desc"],
    ],
    identity: ({ id }) => id,
  });
  if (all.some((repository) => repository.private)) context.native("a private repository among the public ones");
  const repositories = all.filter(({ fork }) => (given.fork ? fork : given.source ? !fork : true));
  return { login, repositories };
}

function renderHuman({ context, flags: given }: ListCall, login: string, all: readonly RestRepository[]): Result {
  const tty = context.style.stdoutTty;
  if (all.length === 0) return { stdout: tty ? "\nNo results match your search\n\n" : "" };
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
      { text: tags.join(", "), color: colors.gray },
      { text: tty ? relativeTime(now, Date.parse(when)) : goTimeToSecond(when), color: colors.gray },
    ];
  };
  // --visibility is a filter to gh.
  const found = `${shown.length} of ${all.length} repositories in @${login} that match your search`;
  const header = tty ? `\nShowing ${found}\n\n` : "";
  return { stdout: header + renderTable(context, ["NAME", "DESCRIPTION", "INFO", "UPDATED"], shown.map(row)) };
}

export const repoList: Command = defineCommand({
  path: ["repo", "list"],
  aliases: ["ls"],
  flags,
  json: { known: repositoryFields, later: laterFields.repository },
  arguments: "optional",
  run,
});
