import type { WorldFile } from "../../github-emulator/index.ts";
import { actions } from "./actions.ts";
import { discussion } from "./discussion.ts";
import { far } from "./far.ts";
import { loom } from "./loom.ts";
import { odd } from "./odd.ts";
import { own } from "./own.ts";
import { paging } from "./paging.ts";
import { people } from "./people.ts";
import { repositories } from "./repositories.ts";
import { rough } from "./rough.ts";

/** The suite's worlds by file name; together they are one. */
export const worldFiles: Record<string, WorldFile> = {
  people,
  discussion,
  actions,
  paging,
  repositories,
  odd,
  rough,
  far,
  loom,
};

/** Beside those, where a member with rights of her own reads: objects of hers alone would change every search. */
export const ownWorlds: Record<string, WorldFile> = { own };
