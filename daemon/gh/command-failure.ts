/** The ways in which a command ends without an answer. */

import type { Filtered } from "./engine.ts";

/** gh's own refusal: its message on stderr, its exit code. Nothing else is printed. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  /** gh's exit code: 1 failure, 2 cancelled, 4 authentication, 8 pending checks. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** GitHub answered a read with a status of 400 or more. A command that does not expect it becomes native. */
export class GitHubRefusal extends Error {
  override readonly name = "GitHubRefusal";
  readonly status: number;
  readonly path: string;
  /** The address before the path. */
  readonly api: string;
  readonly body: Uint8Array;

  constructor({ status, path, api, body }: Pick<GitHubRefusal, "status" | "path" | "api" | "body">) {
    super(`GitHub answered ${status} to ${path}`);
    this.status = status;
    this.path = path;
    this.api = api;
    this.body = body;
  }
}

/** The caller's own gh failed at a filter, or printed a message: the command ends with that. */
export class GhFailure extends Error {
  override readonly name = "GhFailure";
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;

  constructor({ stdout, stderr, exitCode }: Filtered) {
    super(`gh ended with ${exitCode}`);
    this.stdout = stdout;
    this.stderr = stderr;
    this.exitCode = exitCode;
  }

  /** The same, after the output so far. */
  after(printed: string): GhFailure {
    return new GhFailure({ ...this, stdout: printed + this.stdout });
  }
}
