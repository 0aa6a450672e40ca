/**
 * The process that asks the keyring: one JSON request on stdin, one JSON answer on stdout. A program of its own,
 * because a keyring that hangs takes its whole process with it. The secret travels over the pipe, never as an argument.
 */
import { text } from "node:stream/consumers";
import { messageOf } from "../../message-of.ts";

interface KeyringRequest {
  readonly service: string;
  readonly account: string;
  readonly operation: "get" | "set" | "delete";
  readonly secret: string;
}

async function perform({ service, account, operation, secret }: KeyringRequest): Promise<unknown> {
  const { AsyncEntry } = await import("@napi-rs/keyring");
  const entry = new AsyncEntry(service, account, { linux: { store: "secret-service" } });
  if (operation === "get") return entry.getPassword();
  if (operation === "set") return entry.setPassword(secret);
  return entry.deleteCredential();
}

/** Answers the one request on stdin and ends the process: the library's connection would keep it alive. */
async function main(): Promise<void> {
  let answer: unknown;
  try {
    answer = { value: (await perform(JSON.parse(await text(process.stdin)))) ?? null };
  } catch (error) {
    const missing = error instanceof Error && "code" in error && /MODULE_NOT_FOUND/.test(String(error.code));
    answer = missing ? { missing: true } : { error: messageOf(error) };
  }
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
}

void main();
