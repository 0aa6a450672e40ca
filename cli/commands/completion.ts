import type { CommandDefinition } from "../command.ts";

const shells = ["bash", "zsh", "fish"] as const;

export const completionCommand: CommandDefinition = {
  name: "completion",
  group: "This machine",
  summary: "Print the completion script of a shell",
  arguments: [{ name: "shell", description: "bash, zsh or fish.", required: true, choices: shells }],
  examples: [
    { command: 'eval "$(octopool completion bash)"', does: "in ~/.bashrc" },
    { command: 'eval "$(octopool completion zsh)"', does: "in ~/.zshrc, after compinit" },
    {
      command:
        "mkdir -p ~/.config/fish/completions && octopool completion fish > ~/.config/fish/completions/octopool.fish",
      does: "once",
    },
  ],
  run: async ({ io, input, root }) => {
    const { completionScript } = await import("../completion/scripts.ts");
    const shell = shells.find((name) => name === input.argument(0)) ?? "bash";
    await io.stdout.write(completionScript(shell, root));
    return undefined;
  },
};
