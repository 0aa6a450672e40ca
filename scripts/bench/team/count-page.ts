/** The real gh's requests for each command of the page's table of reads, in the world that its reads are counted in. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../../test/daemon/gh/support/world.ts";
import type { PageCost } from "./gh-costs.ts";
import { GhCounter } from "./gh-counter.ts";

const page = join(import.meta.dirname, "../../../docs/gh.md");
const token = "pool-token";

/** The commands of the table, without `gh` itself. */
export function commandsOfPage(): readonly string[] {
  return [...readFileSync(page, "utf8").matchAll(/^\| `gh (.+)` \| \d+ \|/gm)].map(([, line = ""]) => line);
}

export async function countPage(gh: string): Promise<Readonly<Record<string, PageCost>>> {
  const counter = await GhCounter.start(gh, { ...project, tokens: [{ token, login: "pool" }] });
  const counted: Record<string, PageCost> = {};
  try {
    for (const line of commandsOfPage()) {
      const command = { token, args: line.split(" "), env: { GH_REPO: "octo/hello" } };
      // The first command of a day asks which features GitHub has, and remembers.
      await counter.count(command);
      const { rest, graphql } = await counter.count(command);
      counted[line] = { rest, graphql };
    }
  } finally {
    await counter.close();
  }
  return counted;
}
