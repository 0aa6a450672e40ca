import type { CommandDefinition } from "../command.ts";

export const manCommand: CommandDefinition = {
  name: "man",
  group: "This machine",
  summary: "Print the manual page",
  examples: [
    { command: "octopool man | man -l -", does: "read it" },
    {
      command: "mkdir -p ~/.local/share/man/man1 && octopool man > ~/.local/share/man/man1/octopool.1",
      does: "so that `man octopool` finds it",
    },
  ],
  run: async ({ io, root }) => {
    const { manPage } = await import("../man/page.ts");
    await io.stdout.write(manPage(root));
    return undefined;
  },
};
