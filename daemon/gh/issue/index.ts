import type { Command } from "../command.ts";

export const issueCommands: readonly Command[] = [];
