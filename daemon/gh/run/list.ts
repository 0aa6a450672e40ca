/** `gh run list`. */
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import type { FlagTable } from "../flags.ts";
import { resolveWorkflow } from "../github/resolve-workflow.ts";
import { readWorkflows } from "../github/workflows.ts";
import { goTimeToSecond } from "../go/time.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { exporter } from "../output/output.ts";
import type { ReadQuery } from "../reads/options.ts";
import { requireNoPager } from "../terminal/style.ts";
import type { Row } from "../terminal/table.ts";
import { relativeTime } from "../terminal/times.ts";
import { laterFields } from "../versions.ts";
import { projectRun, runFields } from "./fields.ts";
import { elapsedOf, type RestRun, startOf, statuses, symbolOf, titleOf } from "./model.ts";
import { readRuns, readWorkflowNames } from "./reads.ts";

const flags = {
  ...repositoryFlag,
  ...exportFlags,
  branch: { type: "string", short: "b" },
  commit: { type: "string", short: "c" },
  created: { type: "string" },
  event: { type: "string", short: "e" },
  limit: { type: "int", short: "L", default: 20 },
  all: { type: "bool", short: "a" },
  status: { type: "string", short: "s", oneOf: statuses },
  user: { type: "string", short: "u" },
  workflow: { type: "string", short: "w" },
} as const satisfies FlagTable;

type ListCall = Call<typeof flags>;

async function run(call: ListCall): Promise<Result> {
  const { context, flags: given } = call;
  const fields = await exporter(call, runFields, laterFields.run);
  if (given.limit < 1) call.refuse(`invalid limit: ${given.limit}`);
  if (call.given.has("all") && !context.gh.has("allRuns")) context.native("--all is of gh 2.52");
  const repository = await context.repository.base("failed to determine base repo: ");
  const states = given.all ? ["active", "disabled_manually", "disabled_inactivity"] : ["active"];
  const workflow =
    given.workflow === "" ? undefined : await resolveWorkflow(context, repository, given.workflow, states);
  const named = !workflow && (!fields || fields.has("workflowName"));
  // Nearly always needed, and nearly always in the pool's cache.
  const catalogue = named ? readWorkflows(context, repository) : undefined;
  catalogue?.catch(() => undefined);
  const { runs } = await readRuns(context, repository, {
    ...(workflow && { workflowId: workflow.id }),
    filters: filtersOf(call),
    limit: given.limit,
  });
  const names = await readWorkflowNames(context, repository, runs, catalogue);
  const nameOf = (item: RestRun) => workflow?.name ?? names.get(item.workflow_id) ?? "";
  if (fields) {
    const items = runs.map((item) =>
      projectRun(fields.fields, { run: item, workflowName: nameOf(item), jobs: [] }, context.gh),
    );
    return { stdout: await fields.write(items) };
  }
  requireNoPager(context.invocation.env, context.style);
  if (runs.length === 0) return { stdout: "", stderr: context.style.stdoutTty ? "no runs found\n" : "" };
  return {
    stdout: renderTable(
      context,
      headings,
      runs.map((item) => row(call, item, nameOf(item))),
    ),
  };
}

const headings = ["STATUS", "TITLE", "WORKFLOW", "BRANCH", "EVENT", "ID", "ELAPSED", "AGE"];

function filtersOf({ flags: given }: ListCall): ReadQuery {
  const pairs = [
    ["branch", given.branch],
    ["actor", given.user],
    ["status", given.status],
    ["event", given.event],
    ["created", given.created],
    ["head_sha", given.commit],
  ] as const;
  return pairs.filter(([, value]) => value !== "");
}

function row({ context }: ListCall, item: RestRun, workflowName: string): Row {
  const colors = paints(context);
  const tty = context.style.stdoutTty;
  const start = startOf(item);
  const age = tty ? relativeTime(context.now(), Date.parse(start)) : goTimeToSecond(start);
  return [
    ...(tty ? [symbolOf(item, colors)] : [{ text: item.status ?? "" }, { text: item.conclusion ?? "" }]),
    { text: titleOf(item), color: colors.bold },
    { text: workflowName },
    { text: item.head_branch ?? "", color: colors.bold },
    { text: item.event },
    { text: String(item.id), color: colors.cyan },
    { text: elapsedOf(item, context.now()) },
    { text: age, color: colors.gray },
  ];
}

export const runList: Command = defineCommand({
  path: ["run", "list"],
  onServers: true,
  aliases: ["ls"],
  arguments: "none",
  flags,
  json: { known: runFields, later: laterFields.run },
  announceCache: true,
  run,
});
