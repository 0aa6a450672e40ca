/** How this very Octopool is run again. */
import { realpathSync } from "node:fs";

/** Program and first arguments: a script under Node, or a single file that is both. */
export function selfCommand(): readonly [string, ...string[]] {
  const script = process.argv[1];
  const single = script === undefined || script === process.execPath;
  return single ? [process.execPath] : [process.execPath, realpathSync(script)];
}
