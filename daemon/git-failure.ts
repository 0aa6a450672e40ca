/** git ran and failed: its message and exit code, as gh prints them. */
export class GitFailure extends Error {
  override readonly name = "GitFailure";
  /** As git wrote it, with its line ends. */
  readonly stderr: string;
  readonly exitCode: number;

  constructor(command: string, exitCode: number, stderr: string) {
    super(stderr.trim() || `git ${command} ended with ${exitCode}`);
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}
