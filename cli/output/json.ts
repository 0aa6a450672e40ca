/** `--json`: indented on a terminal, one line in a pipe; with `-q` the result of a jq program on it. */
import type { Output } from "../io.ts";

export async function printJson(stdout: Output, value: unknown): Promise<void> {
  if (stdout.jq !== undefined) {
    const { runJq } = await import("./jq.ts");
    return stdout.stream(await runJq(stdout.jq, value));
  }
  await stdout.stream(`${JSON.stringify(value, null, stdout.isTerminal ? 2 : undefined)}\n`);
}
