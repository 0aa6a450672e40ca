import { onTestFinished, vi } from "vitest";

/** Sets NODE_TLS_REJECT_UNAUTHORIZED for one test. Node warns of it once a process, which is not printed. */
export function stubCertificateChecks(value: string): void {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", value);
  const warning = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  onTestFinished(() => {
    warning.mockRestore();
    vi.unstubAllEnvs();
  });
}
