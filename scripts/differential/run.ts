import { spawn } from "node:child_process";

/** The result of a command. */
export interface ProcessOutput {
  stdout: Buffer;
  stderr: string;
  exitCode: number;
}

interface RunOptions {
  cwd: string;
  env: Readonly<Record<string, string>>;
  stdin?: string | undefined;
  /** Milliseconds; then the command is killed and counts as exit code 124. */
  timeout?: number;
  /** Sees the output, as it comes. */
  onStdout?: ((chunk: Buffer) => void) | undefined;
}

const timedOutCode = 124;
const signalledCode = 128;

/** Runs a program to its end without a terminal. */
export function run(file: string, args: readonly string[], options: RunOptions): Promise<ProcessOutput> {
  const { cwd, env, stdin, timeout = 30_000, onStdout } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, timeout, stdio: ["pipe", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => {
      stdout.push(chunk);
      onStdout?.(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const exitCode = code ?? (signal === "SIGTERM" ? timedOutCode : signalledCode);
      resolve({ stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString(), exitCode });
    });
    // A program that does not read its input closes it first.
    child.stdin.on("error", () => {});
    child.stdin.end(stdin ?? "");
  });
}
