import type { Command } from "../command.ts";
import { releaseList } from "./list.ts";
import { releaseView } from "./view.ts";

export const releaseCommands: readonly Command[] = [releaseList, releaseView];
