import type { Command } from "../command.ts";

export const prCommands: readonly Command[] = [];
