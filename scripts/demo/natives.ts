/**
 * Commands that never go through the relay: a write, whose effect the next read shows, and a read of something private.
 */
import type { Machine } from "../stack/machine.ts";
import type { Scenario } from "../stack/scenario.ts";
import type { Screen } from "./screen.ts";

/** True when each did as intended; where no real gh is installed, the write cannot, which is said. */
export async function showNatives(
  scenario: Scenario,
  machine: Machine,
  gh: string | undefined,
  { say, style }: Screen,
): Promise<boolean> {
  if (scenario.natives.length === 0) return true;
  say(`\n${style.bold("Writes and private repositories")} never go through the relay:`);
  let right = true;
  for (const { what, args, seenBy, free } of scenario.natives) {
    const { stdout, stderr, exitCode } = await machine.run(["gh", ...args], {
      OCTOPOOL_VERBOSE: "1",
      ...(gh ? { OCTOPOOL_GH_PATH: gh } : {}),
    });
    const lines = `${new TextDecoder().decode(stdout)}${stderr}`.trim().split("\n");
    const ghIsMissing = !gh && exitCode === 127;
    const asIntended = exitCode === 0 || ghIsMissing;
    say(`\n$ gh ${args.join(" ")}`);
    say(`  ${asIntended ? style.good("✓ as intended") : style.bad("✗ not as intended")}: ${what}`);
    // Without a real gh the one line that matters is the reason.
    for (const line of ghIsMissing ? lines.slice(0, 1) : lines) say(style.dim(`  ${line}`));
    right &&= asIntended;
    if (free && exitCode === 0) right &&= await again(scenario, machine, args, { say, style });
    if (!gh || !seenBy) continue;
    const next = await machine.gh(seenBy.args);
    const seen = new TextDecoder().decode(next.stdout);
    say(
      `$ gh ${seenBy.args.join(" ")}    ${style.dim("# the next read asks GitHub: your own write is never hidden")}\n  ${seen.trim()}`,
    );
    right &&= seen === (await seenBy.expected());
  }
  return right;
}

/** Asked again, GitHub says that nothing has changed, and charges nothing for it. */
async function again(
  scenario: Scenario,
  machine: Machine,
  args: readonly string[],
  { say, style }: Pick<Screen, "say" | "style">,
): Promise<boolean> {
  const before = scenario.calls?.().length ?? 0;
  const { exitCode, milliseconds } = await machine.gh(args);
  const statuses = scenario.calls?.().slice(before) ?? [];
  const paid = statuses.filter(({ status }) => status !== 304).length;
  const isFree = exitCode === 0 && paid === 0 && statuses.length > 0;
  const verdict = isFree ? style.good("✓ unchanged") : style.bad("✗ not free");
  say(`  ${verdict}: the same again in ${Math.round(milliseconds)} ms, ${paid} calls of your rate limit`);
  return isFree;
}
