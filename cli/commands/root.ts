/** Every command there is, in the order of the help. */
import { type CommandDefinition, complete } from "../command.ts";
import { adminCommand } from "./admin.ts";
import { completionCommand } from "./completion.ts";
import { configCommand } from "./config.ts";
import { daemonCommand } from "./daemon.ts";
import { doctorCommand } from "./doctor.ts";
import { explainCommand } from "./explain.ts";
import { ghCommand } from "./gh.ts";
import { healthCommand } from "./health.ts";
import { loginCommand, logoutCommand } from "./login.ts";
import { manCommand } from "./man.ts";
import { proveCommand } from "./prove.ts";
import { requestCommand } from "./request.ts";
import { installShimCommand, uninstallShimCommand } from "./shim.ts";
import { statsCommand } from "./stats.ts";
import { statusCommand, versionCommand } from "./status.ts";
import { waitCommand } from "./wait.ts";
import { whoamiCommand } from "./whoami.ts";

export const rootCommand: CommandDefinition = {
  name: "octopool",
  summary: "One read of GitHub, shared by the whole team",
  description:
    "A drop-in gh: repeated reads take milliseconds and use none of your rate limit. They are answered on this machine, by your team's relay, or by GitHub through a pool of identities. Your own gh runs writes, private data and all unknown commands.",
  options: [],
  examples: [
    { command: "octopool login https://relay.example.org", does: "once a machine" },
    { command: "octopool install-shim", does: "put the fast gh first on PATH" },
    { command: "gh pr list -R cli/cli", does: "as usual" },
    { command: "octopool stats", does: "API calls made and saved" },
  ],
  subcommands: [
    loginCommand,
    logoutCommand,
    statusCommand,
    whoamiCommand,
    ghCommand,
    explainCommand,
    proveCommand,
    waitCommand,
    statsCommand,
    healthCommand,
    requestCommand,
    daemonCommand,
    doctorCommand,
    installShimCommand,
    uninstallShimCommand,
    configCommand,
    completionCommand,
    manCommand,
    versionCommand,
    adminCommand,
  ].map(complete),
};
