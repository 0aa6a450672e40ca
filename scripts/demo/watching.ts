/** One machine watches, a member merges on GitHub: the relay hears of it, the machine is told, and looks once. */
import { setTimeout as delay } from "node:timers/promises";
import { plural } from "../../cli/output/text.ts";
import type { Machine } from "../stack/machine.ts";
import type { Scenario } from "../stack/scenario.ts";
import type { Screen } from "./screen.ts";

/** From the merge to the end of the command that waited for it, ms. */
const within = 2_000;
/** The colleague looks at the change before the merge, ms. */
const reviewMs = 1_500;
/** More than any of this takes where it works. */
const patience = "60s";

/** True when the watcher saw the merge in time, by one conditional read; true as well where nothing can be merged. */
export async function showWatching(
  scenario: Scenario,
  relay: string,
  machine: Machine,
  { say, style, during }: Screen,
): Promise<boolean> {
  const { watched, calls } = scenario;
  if (watched === undefined || calls === undefined) return true;
  const { repository, pull, tell, looked, merge } = watched;
  tell(relay);
  const args = ["wait", "pr", String(pull), "--for", "merged", "-R", repository, "--timeout", patience];
  say(`\n${style.bold("A watch")} does not ask in a loop: GitHub tells the relay, and the relay tells the machines.`);
  say(`\n$ octopool ${args.join(" ")}    ${style.dim("# goes on")}`);
  const { before, since, ended } = await during("Waiting for a merge", async () => {
    const firstLook = looked();
    const waiting = machine.run(args);
    await Promise.race([firstLook, waiting]);
    await delay(reviewMs);
    await merge();
    const begun = { before: calls().length, since: performance.now() };
    return { ...begun, ended: await waiting };
  });
  const took = performance.now() - since;
  const reads = calls().slice(before);
  const conditional = reads.filter((call) => call.conditional).length;
  const isRight = ended.exitCode === 0 && took <= within && reads.length === 1 && conditional === 1;
  for (const line of `${new TextDecoder().decode(ended.stdout)}${ended.stderr}`.trim().split("\n")) say(`  ${line}`);
  const cost = `${plural(reads.length, "call")} of GitHub, ${conditional} of them conditional`;
  say(`  ${style.dim(`# merged; seen ${Math.round(took)} ms later, ${cost}`)}`);
  const goal = `a merge elsewhere ends the wait within ${within / 1000} seconds, by one conditional read`;
  say(`  ${isRight ? style.good("✓ as intended") : style.bad("✗ not as intended")}: ${goal}`);
  return isRight;
}
