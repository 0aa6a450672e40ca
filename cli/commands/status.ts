import { type CommandDefinition, jsonOption, poolOption, serverOption } from "../command.ts";

export const statusCommand: CommandDefinition = {
  name: "status",
  group: "Everyday commands",
  summary: "Show login, relay, daemon, shim and rate limits at a glance",
  description: "Ends with 1 when something is broken; `octopool doctor` then shows the remedies.",
  options: [jsonOption, poolOption, serverOption],
  examples: [
    { command: "octopool status", does: "one screen" },
    { command: "octopool status -q .rate_limits.core", does: "requests left to the pool" },
  ],
  run: async (context) => (await import("../status/status.ts")).status(context),
};

export const versionCommand: CommandDefinition = {
  name: "version",
  group: "This machine",
  summary: "Show the version",
  options: [jsonOption],
  examples: [{ command: "octopool version -q .version", does: "for scripts" }],
  run: async (context) => (await import("../status/version.ts")).showVersion(context),
};
