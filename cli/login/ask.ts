/** The questions of a login: which relay, and whether it may see the GitHub token. */
import { createInterface } from "node:readline/promises";
import { OctopoolError } from "../../shared/errors.ts";
import type { Io } from "../io.ts";

type Asking = Pick<Io, "signal" | "stdinIsTerminal"> & {
  readonly stdin: NodeJS.ReadableStream;
  readonly stderr: Pick<Io["stderr"], "write" | "isTerminal">;
};

/**
 * There is no built-in relay: a token is only sent to a relay that a person names.
 * @throws OctopoolError `usage` where there is no terminal to ask at, `cancelled`
 */
export async function askAddress(io: Asking): Promise<string> {
  const missing = new OctopoolError("usage", "No relay is named.", {
    hint: "Run `octopool login ADDRESS` with the address of your team's relay, or set OCTOPOOL_URL.",
  });
  if (!isTerminal(io)) throw missing;
  const address = await askLine(io, "Relay address: ");
  if (address === "") throw missing;
  return address;
}

/**
 * The first time for a relay. Without a terminal the address that was given is the answer.
 * @param source - where the token comes from, for people
 * @throws OctopoolError `cancelled` for a no
 */
export async function askConsent(io: Asking, server: string, source: string): Promise<void> {
  if (!isTerminal(io)) return;
  const { host } = new URL(server);
  await io.stderr.write(
    `${host} gets your github.com token (of ${source}) once, asks GitHub with it for your account, and does not keep it.\n`,
  );
  const answer = await askLine(io, `Send it to ${host}? [Y/n] `);
  if (!/^(y(es)?)?$/i.test(answer)) throw new OctopoolError("cancelled", "Cancelled: nothing was sent.");
}

function isTerminal(io: Asking): boolean {
  return io.stdinIsTerminal && io.stderr.isTerminal;
}

async function askLine(io: Asking, question: string): Promise<string> {
  const closed = new AbortController();
  // Without an output of its own: the terminal itself shows the typed text.
  const lines = createInterface({ input: io.stdin });
  lines.on("close", () => closed.abort());
  try {
    // The listener is added first: text that is typed before the question appears must not be lost.
    const signal = AbortSignal.any([closed.signal, io.signal]);
    const [answer] = await Promise.all([lines.question("", { signal }), io.stderr.write(question)]);
    return answer.trim();
  } catch {
    await io.stderr.write("\n");
    throw new OctopoolError("cancelled", "Cancelled: nothing was sent.");
  } finally {
    lines.close();
  }
}
