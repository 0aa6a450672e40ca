import type { Command } from "../command.ts";
import { workflowList } from "./list.ts";
import { workflowView } from "./view.ts";

export const workflowCommands: readonly Command[] = [workflowList, workflowView];
