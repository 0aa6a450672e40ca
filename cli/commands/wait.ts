import { type CommandDefinition, jsonOption } from "../command.ts";

const common = [
  { flags: "-R, --repo <owner/repo>", description: "The repository.", default: "the directory's" },
  { flags: "--timeout <time>", description: "How long to wait: 90s, 15m, 2h.", default: "1h" },
  jsonOption,
];

export const waitCommand: CommandDefinition = {
  name: "wait",
  group: "Everyday commands",
  summary: "Wait until something happens on GitHub, instead of asking in a loop",
  description:
    "Wakes by an event where the relay sends them, and polls where it does not. Exit code 0: it came true. 1: it never will, or it failed. 8: the time is over. 2: the command line, or cancelled.",
  subcommands: [
    {
      name: "pr",
      summary: "Wait for a pull request",
      arguments: [{ name: "number", description: "The pull request's number.", required: true }],
      options: [
        {
          flags: "--for <event>",
          description: "The event to wait for. A review and a comment are new ones, after the command began.",
          choices: ["checks", "merged", "closed", "review", "comment"],
          default: "checks",
        },
        ...common,
      ],
      examples: [
        { command: "octopool wait pr 7 --for checks && gh pr merge 7", does: "merge once all is green" },
        { command: "octopool wait pr 7 --for review --timeout 8h -R cli/cli", does: "until there is a new review" },
      ],
      run: async (context) => (await import("../wait/wait.ts")).waitForPull(context),
    },
    {
      name: "run",
      summary: "Wait until a workflow run has ended",
      arguments: [{ name: "id", description: "The run's id.", required: true }],
      options: common,
      examples: [{ command: "octopool wait run 41 --json", does: "the result, for programs" }],
      run: async (context) => (await import("../wait/wait.ts")).waitForRun(context),
    },
  ],
};
