import type { CommandDefinition, OptionDefinition } from "../command.ts";

const directoryOption: OptionDefinition = {
  flags: "--dir <directory>",
  description: "The shim's directory.",
  default: "~/.local/share/octopool/bin",
};

export const installShimCommand: CommandDefinition = {
  name: "install-shim",
  group: "This machine",
  summary: "Put the fast gh first on PATH",
  description:
    'Writes a `gh` that asks the daemon and otherwise runs your real gh, adds a marked block to the start-up files of your shells, and starts each shell to prove that it works. Running it again changes nothing. A link does as well: `ln -s "$(command -v octopool)" ~/bin/gh`.',
  options: [
    {
      flags: "--shell <shell>",
      description: "The shell to set up.",
      choices: ["bash", "zsh", "fish", "all"],
      default: "all that are installed",
    },
    directoryOption,
    { flags: "--dry-run", description: "Show the changes without making them." },
  ],
  examples: [
    { command: "octopool install-shim", does: "for every shell on this machine" },
    { command: "octopool install-shim --dry-run", does: "look first" },
    { command: "octopool install-shim --shell zsh --dir ~/bin", does: "one shell, another place" },
  ],
  run: async (context) => (await import("../install/install.ts")).installShim(context),
};

export const uninstallShimCommand: CommandDefinition = {
  name: "uninstall-shim",
  group: "This machine",
  summary: "Remove the shim completely",
  options: [directoryOption],
  examples: [{ command: "octopool uninstall-shim", does: "gh is the real gh again" }],
  run: async (context) => (await import("../install/uninstall.ts")).uninstallShim(context),
};
