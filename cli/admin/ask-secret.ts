/** Asks for a secret on the terminal without showing it. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { OctopoolError } from "../../shared/errors.ts";
import type { Io } from "../io.ts";

/** @returns the typed text, without surrounding blanks; "" for an empty line or the end of input. */
export async function askSecret(
  io: { readonly stdin: NodeJS.ReadableStream; readonly stderr: Pick<Io["stderr"], "write"> },
  question: string,
): Promise<string> {
  const cancel = new AbortController();
  // readline echoes to its output: it gets one that discards the text.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: nowhere, terminal: true });
  lines.on("SIGINT", () => cancel.abort());
  lines.on("close", () => cancel.abort());
  try {
    // The listener is added first: text that is pasted before the question appears must not be lost.
    const [answer] = await Promise.all([lines.question("", { signal: cancel.signal }), io.stderr.write(question)]);
    return answer.trim();
  } catch {
    throw new OctopoolError("cancelled", "Cancelled.");
  } finally {
    lines.close();
    await io.stderr.write("\n");
  }
}
