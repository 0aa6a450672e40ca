import type { CommandDefinition } from "../command.ts";

export const ghCommand: CommandDefinition = {
  name: "gh",
  group: "Everyday commands",
  summary: "Run a gh command: reads through the pool, everything else through the real gh",
  description:
    "The same as a `gh` that is a symlink to octopool. Output and exit code are the real gh's. `octopool explain gh …` shows how a command would be answered.",
  passThrough: true,
  examples: [
    { command: "octopool gh pr view 7 -R cli/cli --json title,state", does: "a read" },
    { command: "octopool gh pr merge 7 --squash", does: "a write: the real gh, untouched" },
  ],
  // The entry answers this one before any command definition is loaded; here it is only described.
};
