/** Twenty watchers of one run of ten minutes, on four machines, with and without events; in accelerated time. */
import { engine as ghEngine } from "../../../daemon/gh/index.ts";
import { shaOf } from "../../../test/github-emulator/index.ts";
import { CallLog } from "../team/calls.ts";
import { Clock } from "../team/clock.ts";
import { quantile } from "../team/distribution.ts";
import { type Change, type JobPlan, type Moment, second, traceStart } from "../team/trace-types.ts";
import { WorldChanges } from "../team/world-changes.ts";
import { ask } from "./run-command.ts";
import { machineNames, setPushStage } from "./stage.ts";
import { AcceleratedTime } from "./turns.ts";
import { repositoryOf, worldOf } from "./world.ts";

const repo = "acme/r01";
const watchers = 20;
const run = 41_000;
/** When the run begins; before it a short one, by which the relay knows that events of runs arrive. */
const begun = 60 * second;
/** GitHub's clock in its answers has seconds; the relay's is exact. A look falls behind the change, ms. */
const after = 2;
/** The relay compares GitHub's list of deliveries with those it took, ms. */
const lookEvery = 300_000;

interface Watched {
  /** From when all watch. */
  readonly calls: number;
  /** Before: the calls of all first looks. */
  readonly firstLooks: number;
  /** Moments after that at which something changed that GitHub tells of. */
  readonly changes: number;
  /** From the run's end until each watcher ended, ms. */
  readonly late: readonly number[];
}

export async function watchRun(push: boolean): Promise<Watched> {
  const clock = new Clock();
  const turns = new AcceleratedTime(clock.moment);
  const stage = await setPushStage({
    world: worldOf([repositoryOf(repo)]),
    push,
    now: clock.now,
    startAt: traceStart,
    pause: turns.pause,
    engine: (invocation, dependencies) => ghEngine(invocation, { ...dependencies, sleep: turns.pause }),
  });
  const { github, relay, ears } = stage;
  const log = new CallLog(clock.moment);
  github.engine.handle = log.counting(github.engine.handle.bind(github.engine));
  const world = new WorldChanges(github, clock.now, { hidden: {} });
  const changes = [...shortRun(), ...longRun()];
  const starts = Array.from({ length: watchers }, (_, at) => begun + (3 + at) * second);
  const end = Math.max(...changes.map(({ t }) => t));
  const settled = Math.max(...starts) + second;
  const late: number[] = [];
  let told = 0;
  let events = 0;
  let lookedAt = 0;
  try {
    let [nextChange, nextStart] = [0, 0];
    for (;;) {
      const now = Math.min(changes[nextChange]?.t ?? Infinity, starts[nextStart] ?? Infinity, turns.next);
      if (!Number.isFinite(now)) break;
      if (now > end + 600 * second) throw new Error(`${watchers - late.length} watchers did not end`);
      clock.virtual = Math.max(clock.virtual ?? 0, now);
      await relay.clock(clock.now());
      for (let change = changes[nextChange]; change && change.t <= now; change = changes[++nextChange]) {
        const before = github.engine.hooks.sent;
        await world.apply(change);
        await github.engine.hooks.quiet();
        const more = github.engine.hooks.sent - before;
        told += more;
        if (change.t > settled && change.kind !== "job_step") events += 1;
        await ears?.hears(repo, told);
      }
      if (push && clock.now() - lookedAt >= lookEvery) {
        lookedAt = clock.now();
        await relay.look();
      }
      clock.virtual += after;
      await relay.clock(clock.now());
      const due: (() => Promise<void>)[] = [];
      for (; (starts[nextStart] ?? Infinity) <= now; nextStart += 1) {
        const machine = machineNames[nextStart % machineNames.length] ?? "";
        due.push(async () => {
          const text = await ask(stage, machine, ["run", "watch", String(run), "-R", repo]);
          if (!/✓ .*test-3/.test(text)) throw new Error(`a watcher ended early: ${text}`);
          late.push(clock.moment() - end);
        });
      }
      await turns.turn(due);
      for (let look = 0; look < 50 && (await relay.clock(clock.now())) > 0; look += 1) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }
    if (late.length !== watchers) throw new Error(`${late.length} of ${watchers} watchers ended`);
    // Requests as the App count for no budget, and are the same however many watch.
    const since = log.calls.filter(({ t, account }) => t >= begun + second && account !== "app");
    const calls = since.filter(({ t }) => t > settled).length;
    return { calls, firstLooks: since.length - calls, changes: events, late };
  } finally {
    await stage.close();
  }
}

const jobChange = (
  t: Moment,
  id: number,
  change: { kind: "job_start" } | { kind: "job_step"; step: number } | { kind: "job_end"; conclusion: string },
  of = run,
): Change => ({ ...change, t, repo, run: of, job: id, sha });
const sha = shaOf(repo, "topic", 0);

/** Ten minutes, six jobs of five steps: three after the first two, one after these. */
function longRun(): Change[] {
  const times = {
    build: [5, 130],
    lint: [6, 95],
    "test-1": [135, 410],
    "test-2": [137, 480],
    "test-3": [139, 545],
    package: [550, 600],
  };
  const jobs = Object.entries(times).map(([name, [started = 0, ended = 0]], at) => ({
    id: run + 1 + at,
    name,
    started: begun + started * second,
    ended: begun + ended * second,
    conclusion: "success",
  }));
  return changesOf(run, begun, jobs);
}

function shortRun(): Change[] {
  return changesOf(run - 100, second, [
    { id: run - 99, name: "build", started: 2 * second, ended: 50 * second, conclusion: "success" },
  ]);
}

function changesOf(id: number, t: Moment, jobs: readonly JobPlan[]): Change[] {
  const steps = 5;
  const start = { kind: "run", t, repo, run: id, workflow: "CI", pull: 100, sha, branch: "topic", jobs } as const;
  const moves = jobs.flatMap((job) => [
    jobChange(job.started, job.id, { kind: "job_start" }, id),
    ...Array.from({ length: steps - 1 }, (_, at) =>
      jobChange(
        job.started + ((at + 1) * (job.ended - job.started)) / steps,
        job.id,
        { kind: "job_step", step: at + 1 },
        id,
      ),
    ),
    jobChange(job.ended, job.id, { kind: "job_end", conclusion: job.conclusion }, id),
  ]);
  return [start, ...moves].toSorted((a, b) => a.t - b.t);
}

export function tell(name: string, { calls, firstLooks, changes, late }: Watched): string {
  const half = (quantile(late, 0.5) / 1000).toFixed(1);
  return `${name}: ${firstLooks} calls of GitHub for the first looks of ${watchers} watchers, ${calls} for ${changes} changes; the end was seen ${half} s later by half of them, ${(Math.max(...late) / 1000).toFixed(1)} s by the last`;
}
