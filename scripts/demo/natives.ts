/** What only the real gh may do: a write, whose effect the next read shows, and a read of something private. */
import type { Machine } from "../stack/machine.ts";
import type { Scenario } from "./scenario.ts";

/** True when each went to the real gh and did what it should, or no real gh is installed, which is said. */
export async function showNatives(
  scenario: Scenario,
  machine: Machine,
  gh: string | undefined,
  say: (line: string) => void,
): Promise<boolean> {
  let right = true;
  for (const { what, args, seenBy } of scenario.natives) {
    const { stdout, stderr, exitCode } = await machine.run(["gh", ...args], {
      OCTOPOOL_VERBOSE: "1",
      ...(gh ? { OCTOPOOL_GH_PATH: gh } : {}),
    });
    const printed = `${new TextDecoder().decode(stdout)}${stderr}`.trim().replaceAll("\n", "\n  ");
    say(`\n$ gh ${args.join(" ")}    # ${what}: ${gh ? "the real gh" : "no real gh is installed here, so it says so"}`);
    say(`  ${printed}`);
    right &&= gh ? exitCode === 0 : exitCode === 127;
    if (!gh || !seenBy) continue;
    const next = await machine.run(["gh", ...seenBy.args]);
    const seen = new TextDecoder().decode(next.stdout);
    say(`$ gh ${seenBy.args.join(" ")}    # the next read, live\n  ${seen.trim()}`);
    right &&= seen === (await seenBy.expected());
  }
  return right;
}
