/** `gh workflow view`: a workflow's latest runs, or its file. */
import * as z from "zod";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, type Result, repositoryFlag } from "../command.ts";
import { CommandFailure, GitHubRefusal } from "../command-failure.ts";
import type { FlagTable } from "../flags.ts";
import { resolveWorkflow } from "../github/resolve-workflow.ts";
import type { RestWorkflow } from "../github/workflows.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { elapsedOf, type RestRun, symbolOf, titleOf } from "../run/model.ts";
import { readRuns } from "../run/reads.ts";
import { requireNoPager } from "../terminal/style.ts";
import type { Row } from "../terminal/table.ts";

const flags = {
  ...repositoryFlag,
  ref: { type: "string", short: "r" },
  yaml: { type: "bool", short: "y" },
} as const satisfies FlagTable;

type ViewCall = Call<typeof flags>;

async function run(call: ViewCall): Promise<Result> {
  const { args, context, flags: given } = call;
  const [selector = ""] = args;
  if (args.length === 0 && context.invocation.tty.stdin) context.native("gh may ask which workflow is meant");
  if (args.length === 0) call.refuse("workflow argument required when not running interactively");
  if (given.ref !== "" && !given.yaml) call.refuse("`--yaml` required when specifying `--ref`");
  if (selector === "") context.native("no workflow named");
  requireNoPager(context.invocation.env, context.style);
  const repository = await context.repository.base();
  const workflow = await resolveWorkflow(context, repository, selector);
  return given.yaml ? viewFile(call, repository, workflow) : viewRuns(call, repository, workflow);
}

const contentSchema = z.looseObject({ type: z.literal("file"), encoding: z.literal("base64"), content: z.string() });

async function viewFile(
  { context, flags: given }: ViewCall,
  repository: RepositoryName,
  workflow: RestWorkflow,
): Promise<Result> {
  if (context.style.stdoutTty) context.native("markdown on a terminal");
  const path = repositoryPath(repository, "contents", ...workflow.path.split("/").map(encodeURIComponent));
  const query = given.ref === "" ? [] : [["ref", given.ref] as const];
  const { content } = await context.reads.get(path, contentSchema, { query }).catch((error: unknown) => {
    if (!(error instanceof GitHubRefusal) || error.status !== 404) throw error;
    const file = workflow.path.split("/").at(-1) ?? "";
    const advice =
      given.ref === ""
        ? ", try specifying a branch or tag using `--ref`"
        : ` on ${given.ref}, try specifying a different ref`;
    throw new CommandFailure(`could not find workflow file ${file}${advice}`);
  });
  const file = Buffer.from(content, "base64");
  return { stdout: file.at(-1) === 0x0a ? file : Buffer.concat([file, Buffer.from("\n")]) };
}

/** gh asks for this many. */
const shownRuns = 5;

async function viewRuns({ context }: ViewCall, repository: RepositoryName, workflow: RestWorkflow): Promise<Result> {
  const { runs, total } = await readRuns(context, repository, { workflowId: workflow.id, limit: shownRuns });
  const colors = paints(context);
  const file = workflow.path.split("/").at(-1) ?? "";
  const tty = context.style.stdoutTty;
  const table = renderTable(context, ["", "TITLE", "WORKFLOW", "BRANCH", "EVENT", "ID"], runs.map(row));
  const stdout = [
    `${colors.bold(workflow.name)} - ${colors.cyan(file)}\nID: ${colors.cyan(String(workflow.id))}\n\n`,
    `Total runs ${total}\n`,
    total === 0 ? "" : "Recent runs\n",
    // On a terminal the headings of no runs, too.
    `${table}\n`,
    total === 0 ? "" : `To see more runs for this workflow, try: gh run list --workflow ${file}\n`,
    `To see the YAML for this workflow, try: gh workflow view ${file} --yaml\n`,
  ];
  return { stdout: stdout.join("") };

  function row(item: RestRun): Row {
    const id = { text: String(item.id), color: colors.cyan };
    const marks = tty ? [symbolOf(item, colors)] : [{ text: item.status ?? "" }, { text: item.conclusion ?? "" }];
    return [
      ...marks,
      { text: titleOf(item), color: colors.bold },
      { text: workflow.name },
      { text: item.head_branch ?? "", color: colors.bold },
      { text: item.event },
      ...(tty ? [] : [{ text: elapsedOf(item, context.now()) }]),
      id,
    ];
  }
}

export const workflowView: Command = defineCommand({
  path: ["workflow", "view"],
  onServers: true,
  flags,
  arguments: "optional",
  run,
});
