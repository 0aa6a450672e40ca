import { type CommandDefinition, jsonOption, poolOption, serverOption } from "../command.ts";

export const doctorCommand: CommandDefinition = {
  name: "doctor",
  group: "This machine",
  summary: "Check each part that a read needs",
  description:
    "Node, variables, the real gh, the shim's place on PATH, git, socket directory, daemon, token, the relay, the clocks, your login and the pool. Each line shows that a part is well, or the remedy. Exit code 1 when something is broken.",
  options: [jsonOption, poolOption, serverOption],
  examples: [
    { command: "octopool doctor", does: "when something is strange" },
    { command: "octopool doctor --json | jq '.checks[] | select(.status != \"ok\")'", does: "for scripts" },
  ],
  run: async (context) => (await import("../doctor/doctor.ts")).doctor(context),
};
