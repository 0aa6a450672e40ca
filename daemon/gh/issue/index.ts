import type { Command } from "../command.ts";
import { issueList } from "./list.ts";
import { issueStatus } from "./status.ts";
import { issueView } from "./view.ts";

export const issueCommands: readonly Command[] = [issueView, issueList, issueStatus];
