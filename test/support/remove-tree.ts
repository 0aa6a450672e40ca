import { rm } from "node:fs/promises";

/** Removes a directory with all in it, once more where a process that is just ending still writes there. */
export function removeTree(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true, maxRetries: 3 });
}
