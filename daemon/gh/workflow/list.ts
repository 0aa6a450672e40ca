/** `gh workflow list`. */
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import type { FlagTable } from "../flags.ts";
import { readWorkflows } from "../github/workflows.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { exporter } from "../output/output.ts";
import { requireNoPager } from "../terminal/style.ts";

const flags = {
  ...repositoryFlag,
  ...exportFlags,
  all: { type: "bool", short: "a" },
  limit: { type: "int", short: "L", default: 50 },
} as const satisfies FlagTable;

const workflowFields = ["id", "name", "path", "state"] as const;

async function run(call: Call<typeof flags>): Promise<Result> {
  const { context, flags: given } = call;
  const fields = await exporter(call, workflowFields);
  if (given.limit < 1) call.refuse(`invalid limit: ${given.limit}`);
  const repository = await context.repository.base();
  const read = await readWorkflows(context, repository, given.limit);
  const workflows = read.filter(({ state }) => given.all || state === "active");
  if (workflows.length === 0) {
    return { stdout: "", stderr: context.style.stdoutTty ? "no workflows found\n" : "" };
  }
  if (fields) {
    const items = workflows.map((workflow) =>
      Object.fromEntries(fields.fields.map((field) => [field, workflow[field]])),
    );
    return { stdout: await fields.write(items) };
  }
  requireNoPager(context.invocation.env, context.style);
  const { cyan } = paints(context);
  const rows = workflows.map(({ name, state, id }) => [
    { text: name },
    { text: state },
    { text: String(id), color: cyan },
  ]);
  return { stdout: renderTable(context, ["NAME", "STATE", "ID"], rows) };
}

export const workflowList: Command = defineCommand({
  path: ["workflow", "list"],
  onServers: true,
  aliases: ["ls"],
  arguments: "none",
  flags,
  json: { known: workflowFields },
  run,
});
