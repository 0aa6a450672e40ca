import { type CommandDefinition, jsonOption } from "../command.ts";

export const proveCommand: CommandDefinition = {
  name: "prove",
  group: "Everyday commands",
  summary: "Compare Octopool's answer to a gh command with the real gh's",
  description:
    "Runs your gh, makes Octopool's own answer to the same read, and prints the first difference. Exit code 0: equal; 1: different; 3: Octopool leaves the command to gh anyway. For a gh that is newer than the releases Octopool was compared with, the result is kept: a command that was equal twice is answered from then on.",
  passThrough: true,
  options: [jsonOption],
  examples: [
    { command: "octopool prove gh pr view 7 --json title,state", does: "is it the same?" },
    { command: "octopool prove --json gh run list -L 5", does: "for scripts" },
  ],
  run: async (context) => (await import("../compare/compare.ts")).compare(context),
};
