/** The mounts that this process sees. The thin client loads this file. */
import { mountsFile, mountsOf } from "./protocol.ts";
import { startIfAny } from "./regular-file.ts";

/** A number and the blank behind it. On a machine with many containers the whole file has hundreds of lines. */
const enoughBytes = 32;

/** See {@link mountsOf}. */
export function mountsSeen(): string {
  return mountsOf(startIfAny(mountsFile, enoughBytes));
}
