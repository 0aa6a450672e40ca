/** The result of one check. */
export type Status = "ok" | "warning" | "failure" | "skipped";

export interface Finding {
  readonly status: Status;
  /** The finding, one line. */
  readonly message: string;
  /** The remedy. */
  readonly hint?: string | undefined;
}

export interface Check {
  readonly name: string;
  readonly section: "This machine" | "Relay";
  readonly look: () => Promise<Finding> | Finding;
}

export interface Report extends Finding {
  readonly name: string;
  readonly section: Check["section"];
}

export const ok = (message: string): Finding => ({ status: "ok", message });
export const warning = (message: string, hint?: string): Finding => ({ status: "warning", message, hint });
export const failure = (message: string, hint?: string): Finding => ({ status: "failure", message, hint });
export const skipped = (message: string): Finding => ({ status: "skipped", message });
