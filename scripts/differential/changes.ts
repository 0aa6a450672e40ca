import type { WorldChange } from "../../test/github-emulator/index.ts";

/** The beginning of each screen of an unfinished watch. */
const screen = /Refreshing \w+ status every/g;

/**
 * Sees a watch's output, and changes GitHub behind each of its screens: the real gh and Octopool look at other times,
 * but both have looked before they print.
 */
export function changeBehindScreens(
  changes: readonly (readonly WorldChange[])[],
  apply: (changes: readonly WorldChange[]) => void,
): (chunk: Uint8Array) => void {
  let text = "";
  let done = 0;
  return (chunk) => {
    text += Buffer.from(chunk).toString("latin1");
    const seen = text.match(screen)?.length ?? 0;
    for (; done < seen; done += 1) apply(changes[done] ?? []);
  };
}
