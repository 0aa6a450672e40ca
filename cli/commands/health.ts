import { type CommandDefinition, jsonOption, poolOption, serverOption } from "../command.ts";

export const healthCommand: CommandDefinition = {
  name: "health",
  group: "Everyday commands",
  summary: "Show the pool's identities and the rate limit they have left",
  description:
    "Ends with 0 when an identity can answer, 1 when none can or the relay cannot be asked, 4 when you are not logged in.",
  options: [jsonOption, poolOption, serverOption],
  examples: [
    { command: "octopool health", does: "exit code 1 when no identity can answer" },
    { command: "octopool health --json | jq .remaining_by_resource.core", does: "requests left this hour" },
  ],
  run: async (context) => (await import("../health/health.ts")).health(context),
};
