/** `gh run watch`: of a run that has ended, or until it ends. */

import { fullName, type RepositoryName } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, type Result, repositoryFlag } from "../command.ts";
import type { Looks } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { readWorkflow } from "../github/workflows.ts";
import { paints } from "../output/list-output.ts";
import type { ColorScheme } from "../terminal/colors.ts";
import type { RestRun } from "./model.ts";
import { pullNumber } from "./pull-number.ts";
import { type JobAnnotation, readAnnotations, readJobs, readRun } from "./reads.ts";
import { renderAnnotations, renderHeading, renderJobs } from "./render.ts";

const flags = {
  ...repositoryFlag,
  "exit-status": { type: "bool" },
  interval: { type: "int", short: "i", default: 3 },
} as const satisfies FlagTable;

type WatchCall = Call<typeof flags>;

/** A shared pool is not polled faster than this, in seconds; each look doubles the wait up to the slowest. */
const fastest = 30;
const slowest = 120;

async function run(call: WatchCall): Promise<Result> {
  const { args, context, flags: given } = call;
  const [id = ""] = args;
  if (args.length === 0 && context.invocation.tty.stdin) context.native("gh may ask which run is meant");
  if (args.length === 0) call.refuse("run ID required when not running interactively");
  if (!/^\d+$/.test(id)) context.native("no run named");
  if (given.interval < 0) context.native("invalid interval");
  // There the screen is redrawn, and its width and height matter.
  if (context.style.stdoutTty) context.native("a watch on a terminal");
  const repository = await context.repository.base("failed to determine base repo: ");
  const changes = context.watch(fullName(repository), [`run:${id}`, `run:${id}:jobs`], ["actions"]);
  try {
    return await watchRun(call, { repository, id, changes });
  } finally {
    changes.close();
  }
}

interface Watching {
  readonly repository: RepositoryName;
  readonly id: string;
  readonly changes: Looks;
}

async function watchRun(call: WatchCall, { repository, id, changes }: Watching): Promise<Result> {
  const { context, flags: given } = call;
  const first = await look(context, repository, id);
  const exitCode = (conclusion: RestRun["conclusion"]) => (given["exit-status"] && conclusion !== "success" ? 1 : 0);
  const workflow = await readWorkflow(context, repository, first.workflow_id);
  const colors = paints(context);
  if (first.status === "completed") {
    const name = `${colors.bold(workflow.name)} (${colors.cyan(String(first.id))})`;
    const stdout = `Run ${name} has already completed with '${first.conclusion ?? ""}'\n`;
    return { stdout, exitCode: exitCode(first.conclusion) };
  }
  const number = await pullNumber(context, repository, first);
  const watched: Watched = {
    repository,
    workflowName: workflow.name,
    pull: number === undefined ? "" : ` ${fullName(repository)}#${number}`,
    annotations: new Map(),
    colors,
  };
  for (let wait = Math.max(fastest, given.interval); ; wait = Math.min(slowest, wait * 2)) {
    const { current, screen } = await context.look(async () => {
      const found = await look(context, repository, id);
      return { current: found, screen: await renderScreen(call, found, watched) };
    });
    if (current.status === "completed") return { stdout: screen, exitCode: exitCode(current.conclusion) };
    const head = colors.bold(`Refreshing run status every ${given.interval} seconds. Press Ctrl+C to quit.`);
    context.emit("stdout", `${head}\n\n${screen}`);
    await changes.next(wait * 1000);
  }
}

/**
 * A completed run that a cache remembers may have been started again: the end only counts where GitHub was asked since
 * this look began. All simultaneous looks share that request.
 */
async function look(context: WatchCall["context"], repository: RepositoryName, id: string): Promise<RestRun> {
  const current = await readRun(context, repository, id);
  return current.status === "completed" ? readRun(context, repository, id, { live: "here" }) : current;
}

interface Watched {
  readonly repository: RepositoryName;
  readonly workflowName: string;
  readonly pull: string;
  /** Of the jobs that are no longer in progress, by their id. */
  readonly annotations: Map<number, readonly JobAnnotation[]>;
  readonly colors: ColorScheme;
}

async function renderScreen({ context }: WatchCall, current: RestRun, watched: Watched): Promise<string> {
  const { repository, workflowName, pull, colors } = watched;
  const live = current.status === "completed" && "here";
  const jobs = await readJobs(context, repository, current.id, { live });
  const annotations = await Promise.all(
    jobs.map(async (job) => {
      const known = watched.annotations.get(job.id);
      if (known) return known;
      const read = await readAnnotations(context, repository, job);
      if (job.status !== "in_progress") watched.annotations.set(job.id, read);
      return read;
    }),
  );
  const all = annotations.flat();
  const heading = renderHeading({ run: current, workflowName, pull, attempt: 0 }, context.now(), colors);
  if (jobs.length === 0) return `${heading}\n\n`;
  const list = `${colors.bold("JOBS")}\n${renderJobs(jobs, true, colors)}\n`;
  const notes = all.length > 0 ? `\n${colors.bold("ANNOTATIONS")}\n${renderAnnotations(all, colors)}\n` : "";
  return `${heading}\n\n${list}${notes}`;
}

export const runWatch: Command = defineCommand({
  path: ["run", "watch"],
  onServers: true,
  flags,
  arguments: "any",
  announceCache: true,
  run,
});
