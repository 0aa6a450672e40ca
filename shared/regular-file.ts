/**
 * Reading and writing at paths that others can change: a pipe or a device under a known name never blocks the process,
 * and a path that cannot be read is not an error.
 */
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";

/** Far above the size of any settings file; a larger file is not loaded. */
const longestText = 16 * 2 ** 20;

/** The state of the file, links followed; `undefined` if it cannot be read: absent, forbidden, below a file. */
export function statIfAny(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Distinguishes one state of a file from another; `-` where it is absent, `?` where that is not known. */
export function stampOf(path: string): string {
  try {
    // Asked for each call: an error with its stack costs more than the question.
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? "-" : `${stat.ino}:${stat.size}:${stat.mtimeNs}`;
  } catch {
    return "?";
  }
}

/** Whether it is a file that this user may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Where a link leads; `undefined` where there is none, or it cannot be read. */
export function linkIfAny(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** The first bytes of a regular file, as ASCII; `undefined` where it cannot be read, for any reason. */
export function startIfAny(path: string, bytes: number): string | undefined {
  if (!statIfAny(path)?.isFile()) return undefined;
  try {
    return withRegular(path, constants.O_RDONLY, (file) => {
      const start = Buffer.allocUnsafe(bytes);
      return start.toString("latin1", 0, readSync(file, start, 0, bytes, 0));
    });
  } catch {
    return undefined;
  }
}

/**
 * The text of a regular file.
 * @throws the system's error, or an Error without a code for anything but a regular file.
 */
export function readRegular(path: string): string {
  return withRegular(path, constants.O_RDONLY, (file) => {
    if (fstatSync(file).size > longestText) throw new Error(`${path} is too long`);
    return readFileSync(file, "utf8");
  });
}

/** As {@link readRegular}; `undefined` where it cannot be read, for any reason. */
export function readIfRegular(path: string): string | undefined {
  // A check first is cheaper than an exception, and most of the requested files do not exist.
  if (!statIfAny(path)?.isFile()) return undefined;
  try {
    return readRegular(path);
  } catch {
    return undefined;
  }
}

/**
 * Adds to a regular file, or with `"replace"` makes it anew; mode 0600 where it did not exist.
 * @throws as {@link readRegular}.
 */
export function writeRegular(path: string, text: string, how: "append" | "replace"): void {
  const end = how === "append" ? constants.O_APPEND : constants.O_TRUNC;
  withRegular(path, constants.O_WRONLY | constants.O_CREAT | end, (file) => writeSync(file, text));
}

/** Opened without waiting for a pipe's other end, then checked: a check before opening could be of another file. */
function withRegular<T>(path: string, flags: number, use: (file: number) => T): T {
  const file = openSync(path, flags | constants.O_NONBLOCK, 0o600);
  try {
    if (!fstatSync(file).isFile()) throw new Error(`${path} is no regular file`);
    return use(file);
  } finally {
    closeSync(file);
  }
}
