/** Where files are in memory, on machines that have such a place with room to spare. */
import { accessSync, constants, statfsSync } from "node:fs";

const place = "/dev/shm";
/** Linux's number of this kind of file system. */
const tmpfs = 0x01021994;
/** Twice the most that the relay's tests hold at a time, in bytes. */
const room = 48 * 1024 * 1024;

/** Undefined where there is none. */
export function memoryDirectory(): string | undefined {
  try {
    const { type, bavail, bsize } = statfsSync(place);
    accessSync(place, constants.W_OK | constants.X_OK);
    return type === tmpfs && bavail * bsize >= room ? place : undefined;
  } catch {
    return undefined;
  }
}
