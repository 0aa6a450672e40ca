import type { Command } from "../command.ts";
import { labelList } from "./list.ts";

export const labelCommands: readonly Command[] = [labelList];
