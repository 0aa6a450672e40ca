import type { Command } from "../command.ts";
import { searchIssues, searchPulls } from "./issues.ts";
import { searchRepos } from "./repos.ts";

export const searchCommands: readonly Command[] = [searchIssues, searchPulls, searchRepos];
