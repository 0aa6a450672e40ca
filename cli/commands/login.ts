import type { CommandDefinition } from "../command.ts";

export const loginCommand: CommandDefinition = {
  name: "login",
  group: "Everyday commands",
  summary: "Log in to a relay with your GitHub account",
  description:
    "Reads the server's description, proves your identity with the token of GH_TOKEN, GITHUB_TOKEN or `gh auth token` (of github.com only; the relay asks GitHub with it once and does not keep it), and keeps the token it gets in the system keyring, or in a file only you can read.",
  arguments: [
    {
      name: "server",
      description: "The relay (default: OCTOPOOL_URL, else the saved one; on a terminal it is asked for).",
    },
  ],
  options: [
    {
      flags: "--pool <name>",
      description: "The pool to read from.",
      default: "OCTOPOOL_POOL, else the one saved for that relay, else the relay's choice",
    },
    {
      flags: "--client <name>",
      description: "This machine's name at the relay.",
      default: "OCTOPOOL_CLIENT, else the one saved for that relay, else the host name",
    },
    {
      flags: "--trust-discovery-redirect",
      description: "Accept that the server names another host for its API.",
    },
  ],
  examples: [
    { command: "octopool login", does: "the relay you used last; the first time it asks for one" },
    { command: "octopool login relay.example.org --pool bots", does: "your team's own" },
    { command: "GH_TOKEN=… octopool login --client ci-runner-1", does: "a machine without gh" },
  ],
  run: async (context) => (await import("../login/login.ts")).login(context),
};

export const logoutCommand: CommandDefinition = {
  name: "logout",
  group: "Everyday commands",
  summary: "Revoke this machine's token and forget it",
  examples: [{ command: "octopool logout", does: "gh goes on working, with your own rate limit" }],
  run: async (context) => (await import("../login/logout.ts")).logout(context),
};
