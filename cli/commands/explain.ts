import { type CommandDefinition, jsonOption } from "../command.ts";

export const explainCommand: CommandDefinition = {
  name: "explain",
  group: "Everyday commands",
  summary: "Show how a gh command would be answered, without running it",
  description:
    "Read or native and why, the GitHub reads it would make, which of them are in memory and how old, and their cost, beside the requests of gh itself. Options of explain go before `gh`.",
  passThrough: true,
  options: [jsonOption],
  examples: [
    { command: "octopool explain gh pr view 7 -R cli/cli --json title,state", does: "a read" },
    { command: "octopool explain gh pr merge 7 --squash", does: "a write, and why it goes to the real gh" },
    { command: "octopool explain --json gh run list -R cli/cli", does: "for scripts" },
  ],
  run: async (context) => (await import("../explain/explain.ts")).explain(context),
};
