import { type CommandDefinition, jsonOption } from "../command.ts";

const load = () => import("../daemon-control/control.ts");

export const daemonCommand: CommandDefinition = {
  name: "daemon",
  group: "This machine",
  summary: "Look after the daemon that answers reads on this machine",
  description:
    "It starts by itself with the first read and leaves when it has been idle; nothing here is needed in everyday use. One daemon serves a user on a machine. docs/daemon.md describes its socket.",
  subcommands: [
    {
      name: "start",
      summary: "Start it, unless it runs",
      examples: [{ command: "octopool daemon start", does: "before a burst of reads, say in a CI job" }],
      run: async (context) => (await load()).start(context),
    },
    {
      name: "stop",
      summary: "Let running calls finish and stop it",
      examples: [{ command: "octopool daemon stop", does: "the next read starts it again" }],
      run: async (context) => (await load()).stop(context),
    },
    {
      name: "restart",
      summary: "Stop it and start it again",
      examples: [{ command: "octopool daemon restart", does: "after an update" }],
      run: async (context) => (await load()).restart(context),
    },
    {
      name: "status",
      summary: "Show its work, its savings and its memory",
      options: [jsonOption],
      examples: [
        { command: "octopool daemon status", does: "exit code 1 when none runs" },
        { command: "octopool daemon status --json | jq -r .socket", does: "where to point curl" },
      ],
      run: async (context) => (await load()).status(context),
    },
    {
      name: "logs",
      summary: "Show its log",
      examples: [{ command: "octopool daemon logs -f", does: "watch it" }],
      options: [{ flags: "-f, --follow", description: "Show new lines as they come, until Ctrl-C." }],
      run: async (context) => (await import("../daemon-control/logs.ts")).logs(context),
    },
    {
      name: "unit",
      summary: "Print a service file that keeps it running",
      description:
        "The daemon starts by itself with the first read; a service is for machines where it should run before that, and stay.",
      options: [
        { flags: "--systemd", description: "A user unit for systemd.", default: "on Linux" },
        { flags: "--launchd", description: "An agent for launchd.", default: "on macOS" },
      ],
      examples: [
        {
          command:
            "mkdir -p ~/.config/systemd/user && octopool daemon unit --systemd > ~/.config/systemd/user/octopool.service",
          does: "then: systemctl --user enable --now octopool",
        },
        {
          command:
            "mkdir -p ~/Library/LaunchAgents && octopool daemon unit --launchd > ~/Library/LaunchAgents/octopool.plist",
          does: "then: launchctl load ~/Library/LaunchAgents/octopool.plist",
        },
      ],
      run: async (context) => (await import("../daemon-control/unit.ts")).unit(context),
    },
    {
      name: "run",
      summary: "Run it in the foreground, for a service manager",
      examples: [{ command: "octopool daemon run", does: "`octopool daemon unit` prints a service that does" }],
      // The entry answers this one before any command definition is loaded; here it is only described.
    },
  ],
};
