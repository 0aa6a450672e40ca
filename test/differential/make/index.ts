import type { WorldFile } from "../../github-emulator/index.ts";
import { actions } from "./actions.ts";
import { discussion } from "./discussion.ts";
import { odd } from "./odd.ts";
import { paging } from "./paging.ts";
import { people } from "./people.ts";
import { repositories } from "./repositories.ts";

/** The suite's worlds by file name; together they are one. */
export const worldFiles: Record<string, WorldFile> = { people, discussion, actions, paging, repositories, odd };
