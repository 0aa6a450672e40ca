import type { Command } from "../command.ts";
import { prChecks } from "./checks.ts";
import { prDiff } from "./diff.ts";
import { prList } from "./list.ts";
import { prStatus } from "./status.ts";
import { prView } from "./view.ts";

export const prCommands: readonly Command[] = [prView, prList, prChecks, prDiff, prStatus];
