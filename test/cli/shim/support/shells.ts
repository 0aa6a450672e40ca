/** The shells that the script must run in, as far as they are installed. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Program and options of each. */
export const shells = {
  dash: ["dash"],
  bash: ["bash", "--posix"],
  busybox: ["busybox", "sh"],
  zsh: ["zsh", "--emulate", "sh"],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type ShellName = keyof typeof shells;

/** Where the PATH of the test finds a program. */
export function onPath(program: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(":")
    .map((place) => join(place, program))
    .find(existsSync);
}
