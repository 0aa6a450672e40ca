/**
 * The token in the system keyring, through @napi-rs/keyring (the maintained successor of the archived keytar). It is
 * asked in a child process, because a session bus that hangs blocks the whole thread that asks it, and a child can be
 * killed. On Linux the Secret Service is named explicitly: without one the library would silently use the kernel's
 * keyring, which forgets at logout.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../environment.ts";
import { parseObject } from "../saved.ts";

/** `unavailable` covers every missing answer: no library, no service, locked, hung; `reason` names the cause. */
type KeyringAnswer<Value> =
  | { readonly kind: "answer"; readonly value: Value }
  | { readonly kind: "unavailable"; readonly reason: string };

export interface Keyring {
  get(account: string): Promise<KeyringAnswer<string | undefined>>;
  set(account: string, secret: string): Promise<KeyringAnswer<undefined>>;
  /** The value is true when an entry was deleted. */
  delete(account: string): Promise<KeyringAnswer<boolean>>;
}

interface KeyringOptions {
  readonly env: Environment;
  /** How long the keyring may take, in milliseconds; a person may have to unlock it. */
  readonly timeoutMs: number;
}

/** The name under which a keyring lists our entries. */
const keyringService = "octopool";

export function systemKeyring(options: KeyringOptions): Keyring {
  const ask = (operation: string, account: string, secret?: string) =>
    askChild({ service: keyringService, account, operation, secret }, options);
  return {
    async get(account) {
      const answer = await ask("get", account);
      if (answer.kind === "unavailable") return answer;
      return { kind: "answer", value: typeof answer.value === "string" ? answer.value : undefined };
    },
    async set(account, secret) {
      const answer = await ask("set", account, secret);
      return answer.kind === "unavailable" ? answer : { kind: "answer", value: undefined };
    },
    async delete(account) {
      const answer = await ask("delete", account);
      return answer.kind === "unavailable" ? answer : { kind: "answer", value: answer.value === true };
    },
  };
}

/** The child's name inside a single-file executable, whose own program is the only one it has. */
const keyringChildName = "keyring-child";

/** Program and arguments of the child: a script beside this one, or this executable under another name. */
function childCommand(): readonly [string, ...string[]] {
  if ("pkg" in process) return [process.execPath, keyringChildName];
  const here = import.meta.dirname;
  const script = ["keyring-child.cjs", "keyring-child.ts"]
    .map((name) => join(here, name))
    .find((path) => existsSync(path));
  return [process.execPath, script ?? keyringChildName];
}

function askChild(request: object, { env, timeoutMs }: KeyringOptions): Promise<KeyringAnswer<unknown>> {
  const [program, ...args] = childCommand();
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { ...env, NODE_OPTIONS: "" },
      stdio: ["pipe", "pipe", "ignore"],
    });
    let output = "";
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    // A child that died before reading is reported by "close"; the broken pipe adds nothing.
    child.stdin.on("error", () => {}).end(JSON.stringify(request));
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve(unavailable(error.message));
    });
    child.on("close", () => {
      clearTimeout(timer);
      resolve(timedOut ? unavailable(`it did not answer within ${timeoutMs / 1000} s`) : answerOf(output));
    });
  });
}

function answerOf(output: string): KeyringAnswer<unknown> {
  const answer = parseObject(output);
  if (answer === undefined) return unavailable("the keyring library failed");
  if (answer.missing === true) return unavailable("this installation has no keyring library");
  if (typeof answer.error === "string") return unavailable(reasonOf(oneLine(answer.error)));
  return { kind: "answer", value: answer.value };
}

function unavailable(reason: string): { readonly kind: "unavailable"; readonly reason: string } {
  return { kind: "unavailable", reason };
}

/** The meaning of the library's errors, where it is known; else its own message. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/DBUS_SESSION_BUS_ADDRESS|autolaunch|No such file or directory|Connection refused/i, "no session bus is running"],
  [
    /ServiceUnknown|not provided by any|org\.freedesktop\.secrets|Secret Service: no result/i,
    "no keyring service is running",
  ],
  [/locked|dismissed|prompt/i, "the keyring is locked"],
];

function reasonOf(error: string): string {
  return reasons.find(([pattern]) => pattern.test(error))?.[1] ?? error;
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .replace(/\.$/, "");
}
