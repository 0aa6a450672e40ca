/** `gh pr status`: the user's own pull requests and those waiting for them, which only their own gh can know. */
import { type Command, defineCommand, exportFlags, repositoryFlag } from "../command.ts";

export const prStatus: Command = defineCommand({
  path: ["pr", "status"],
  flags: { ...repositoryFlag, ...exportFlags, "conflict-status": { type: "bool", short: "c" } },
  arguments: "reminder",
  run: async ({ context }) => context.native("pr status depends on who asks"),
});
