/** `--json`: indented on a terminal, one line in a pipe. */
import type { Output } from "../io.ts";

export async function printJson(stdout: Output, value: unknown): Promise<void> {
  await stdout.write(`${JSON.stringify(value, null, stdout.isTerminal ? 2 : undefined)}\n`);
}
