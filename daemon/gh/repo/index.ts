import type { Command } from "../command.ts";
import { repoList } from "./list.ts";
import { repoView } from "./view.ts";

export const repoCommands: readonly Command[] = [repoView, repoList];
