/** A repository of a world file, and its parts. */
import type { WorldFile } from "../../../test/github-emulator/index.ts";

export type RepositoryFile = NonNullable<WorldFile["repositories"]>[number];
export type PullFile = NonNullable<RepositoryFile["pulls"]>[number];
