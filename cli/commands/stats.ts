import { type CommandDefinition, jsonOption, poolOption, serverOption } from "../command.ts";

export const statsCommand: CommandDefinition = {
  name: "stats",
  group: "Everyday commands",
  summary: "Show the pool's answers, their cost, and the API calls saved",
  options: [
    { flags: "--since <window>", description: "How far back: 30m, 24h, 7d; a bare number is hours.", default: "24h" },
    { flags: "--by <table>", description: "One table, in full.", choices: ["repo", "route", "machine"] },
    { flags: "--native", description: "The commands that ran the real gh on this machine, and why." },
    { flags: "-w, --watch", description: "Show it again every few seconds, until Ctrl-C." },
    { flags: "--client <name>", description: "Only the requests of one machine." },
    jsonOption,
    poolOption,
    serverOption,
  ],
  examples: [
    { command: "octopool stats", does: "the last 24 hours" },
    { command: "octopool stats --by repo", does: "which repository uses the API" },
    { command: "octopool stats --watch --since 1h", does: "live" },
    { command: "octopool stats --since 7d --client build-1", does: "one machine's week" },
    { command: "octopool stats --native", does: "which commands ran the real gh, and why" },
    { command: "octopool stats --json | jq .relay.totals.github_calls", does: "API calls made" },
  ],
  run: async (context) => (await import("../stats/stats.ts")).stats(context),
};
