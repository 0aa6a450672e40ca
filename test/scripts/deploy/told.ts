/** Answers of wrangler itself, kept so that it is started once for each answer that tests look at. */
import { readFile, writeFile } from "node:fs/promises";
import type { RunWrangler } from "../../../scripts/deploy/wrangler.ts";

export interface Told extends Awaited<ReturnType<RunWrangler>> {
  /** Its arguments, without `--config` and the rest. */
  readonly command: string;
  /** The file that WRANGLER_OUTPUT_FILE_PATH named; empty when it wrote none. */
  readonly record: string;
}

/**
 * Adds its messages to `told`, in order.
 *
 * @param known the first answer here to a command is given again, without a run
 */
export function listening(run: RunWrangler, told: Told[], known: readonly Told[] = []): RunWrangler {
  return async (args, start) => {
    const end = args.indexOf("--config");
    const command = args.slice(0, end === -1 ? undefined : end).join(" ");
    const file = start.env.WRANGLER_OUTPUT_FILE_PATH;
    const again = known.find((each) => each.command === command);
    if (again && file) await writeFile(file, again.record);
    if (again) return again;
    const ended = await run(args, start);
    told.push({ ...ended, command, record: file ? await readFile(file, "utf8").catch(() => "") : "" });
    return ended;
  };
}
