import { type CommandDefinition, jsonOption, poolOption, serverOption } from "../command.ts";

export const whoamiCommand: CommandDefinition = {
  name: "whoami",
  group: "Everyday commands",
  summary: "Show this machine's relay and its login there",
  options: [jsonOption, poolOption, serverOption],
  examples: [
    { command: "octopool whoami", does: "login, relay, pool, and whether the relay accepts the token" },
    { command: "octopool whoami --json | jq -r .pool", does: "for scripts" },
  ],
  run: async (context) => (await import("../login/whoami.ts")).whoami(context),
};
