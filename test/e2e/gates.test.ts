/** The pool's policy `gates` from end to end: the real Worker and its objects, real daemons' memory, real sockets. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { explainCall } from "../../daemon/explain-call.ts";
import { ask } from "../../scripts/bench/push/run-command.ts";
import { type PushStage, setPushStage } from "../../scripts/bench/push/stage.ts";
import { repositoryOf, worldOf } from "../../scripts/bench/push/world.ts";
import { setPolicy } from "../../scripts/stack/pool.ts";
import type { GatePolicy } from "../../shared/events/gates.ts";
import { everyTag } from "../../shared/events/tags.ts";

const repo = "acme/r01";
const state = ["pr", "view", "100", "-R", repo, "--json", "state"];
let stage: PushStage;

beforeAll(async () => {
  stage = await setPushStage({ world: worldOf([repositoryOf(repo)]), push: true, now: Date.now });
  await retitled("Heard");
  await stage.relay.look();
});
afterAll(() => stage?.close());

/** Another user changes the pull request, and every machine hears of it. */
async function retitled(title: string): Promise<void> {
  const { github, ears } = stage;
  if (ears === undefined) throw new Error("no machine listens");
  const told = ears.hears(repo, ears.least(repo) + 1);
  github.mutate((world) => {
    const pull = world.repositories.get(repo)?.threads.get(100);
    if (pull === undefined) throw new Error("no pull request");
    pull.title = title;
    pull.updated_at = `${new Date().toISOString().slice(0, 19)}Z`;
  });
  await told;
}

/** Its cost at GitHub. */
async function calls(machine: string, args: readonly string[] = state): Promise<number> {
  const before = stage.github.control.calls.length;
  expect(JSON.parse(await ask(stage, machine, args))).toMatchObject({ state: "OPEN" });
  return stage.github.control.calls.length - before;
}

const set = (gates: GatePolicy) => setPolicy(stage.relay.operator, "maintainers", { gates });

test.each([
  ["ask", [1, 1, 1]],
  ["probe", [1, 1, 1]],
  ["push", [0, 0, 0]],
] as const)(
  "by %s three machines that ask for a state one after the other cost GitHub %j calls",
  async (gates, expected) => {
    await set(gates);
    expect([await calls("m-one"), await calls("m-two"), await calls("m-three")]).toEqual(expected);
  },
);

test("whether it can be merged is asked all the same, and a changed one is asked once for all", async () => {
  await set("push");
  expect(await calls("m-two", [...state.slice(0, -1), "state,mergeable"])).toBe(1);
  await retitled("Changed");
  expect([await calls("m-two"), await calls("m-one")]).toEqual([1, 0]);
});

test("the machine's explanation tells it, until it writes there itself", async () => {
  await set("push");
  await calls("m-four");
  const world = stage.machines.of("m-four");
  const tty = { stdin: false, stdout: false, stderr: false };
  const explained = async () => {
    const { reads } = await explainCall(world, { args: state, cwd: stage.directory, env: {}, tty });
    return reads.map((read) => read.state);
  };
  expect(await explained()).toEqual(["pushed"]);
  world.freshness.memory.mark([repo], undefined, [everyTag]);
  expect(await explained()).toEqual(["live"]);
  expect(await calls("m-four")).toBe(1);
});
