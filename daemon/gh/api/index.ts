import type { Command } from "../command.ts";

export const apiCommands: readonly Command[] = [];
