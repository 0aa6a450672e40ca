import { preferenceKeys } from "../../shared/settings/preferences.ts";
import { type CommandDefinition, jsonOption } from "../command.ts";

const load = () => import("../config/config.ts");
const keyArgument = {
  name: "key",
  description: "A key that `octopool config list` shows.",
  required: true,
  suggestions: Object.keys(preferenceKeys),
} as const;

export const configCommand: CommandDefinition = {
  name: "config",
  group: "This machine",
  summary: "Show and change this machine's settings",
  description: "A variable of the environment overrides a setting. The relay itself is chosen by `octopool login`.",
  subcommands: [
    {
      name: "list",
      summary: "Show every setting, its value and where it comes from",
      options: [jsonOption],
      examples: [{ command: "octopool config list", does: "defaults included" }],
      run: async (context) => (await load()).list(context),
    },
    {
      name: "get",
      summary: "Print a setting's value; exit code 1 when it is the default",
      arguments: [keyArgument],
      examples: [{ command: "octopool config get pool || echo default", does: "for scripts" }],
      run: async (context) => (await load()).get(context),
    },
    {
      name: "set",
      summary: "Change a setting",
      arguments: [keyArgument, { name: "value", description: "Switches take 1 and 0.", required: true }],
      examples: [
        { command: "octopool config set quiet_cache 1", does: "no line about an answer's age" },
        { command: "octopool config set idle_seconds 3600", does: "the daemon stays for an hour" },
      ],
      run: async (context) => (await load()).set(context),
    },
    {
      name: "unset",
      summary: "Go back to a setting's default",
      arguments: [keyArgument],
      examples: [{ command: "octopool config unset pool", does: "the pool of the login again" }],
      run: async (context) => (await load()).unset(context),
    },
  ],
};
