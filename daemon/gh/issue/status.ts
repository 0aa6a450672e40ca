/** `gh issue status`: the issues that concern the user, which only their own gh can know. */
import { type Command, defineCommand, exportFlags, repositoryFlag } from "../command.ts";

export const issueStatus: Command = defineCommand({
  path: ["issue", "status"],
  flags: { ...repositoryFlag, ...exportFlags },
  arguments: "reminder",
  run: async ({ context }) => context.native("issue status depends on who asks"),
});
