/** The result of one check. */
export type CheckStatus = "ok" | "warning" | "failure" | "skipped";

export interface Finding {
  readonly status: CheckStatus;
  /** The finding, one line. */
  readonly message: string;
  /** Its short form for a screen of 80 columns; absent where the whole fits. */
  readonly short?: string;
  /** The remedy. */
  readonly hint?: string | undefined;
}

export interface Check {
  readonly name: string;
  readonly section: "This machine" | "Relay";
  readonly look: () => Promise<Finding> | Finding;
}

export interface Report extends Omit<Finding, "short"> {
  readonly name: string;
  readonly section: Check["section"];
}

/** Beside a finding, on every screen. */
export const signs: Readonly<Record<CheckStatus, string>> = { ok: "✓", warning: "!", failure: "✗", skipped: "–" };

export const ok = (message: string, short?: string): Finding => ({
  status: "ok",
  message,
  ...(short !== undefined && { short }),
});
export const warning = (message: string, hint?: string): Finding => ({ status: "warning", message, hint });
export const failure = (message: string, hint?: string): Finding => ({ status: "failure", message, hint });
export const skipped = (message: string): Finding => ({ status: "skipped", message });
