import type { Command } from "../command.ts";
import { runList } from "./list.ts";
import { runView } from "./view.ts";
import { runWatch } from "./watch.ts";

export const runCommands: readonly Command[] = [runList, runView, runWatch];
