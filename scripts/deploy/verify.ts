/** The smoke test against the new relay, repeated while its address comes up. */
import { join } from "node:path";
import { execa } from "execa";

interface Smoke {
  readonly ok: boolean;
  readonly output: string;
}

export interface Verification {
  readonly smoke: (origin: string) => Promise<Smoke>;
  readonly say: (line: string) => void;
  /** Milliseconds of any clock. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** A workers.dev name takes seconds, the certificate of a custom domain up to a few minutes. */
export const patienceMs = 180_000;
const [firstPauseMs, longestPauseMs] = [2000, 20_000];

/** @throws Error when the relay does not answer as it should within {@link patienceMs} */
export async function verify(origin: string, { smoke, say, now, wait }: Verification): Promise<void> {
  const end = now() + patienceMs;
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    const { ok, output } = await smoke(origin);
    if (ok) return say(output);
    if (now() + pause > end) {
      say(output);
      throw new Error(
        `${origin} does not answer as a relay should. Its name or certificate may need more time: run this again, ` +
          `or npm run e2e with OCTOPOOL_E2E_HOST=${origin}. The Worker's log: npx wrangler tail`,
      );
    }
    say(`waiting for ${origin}: ${firstFailure(output)}; again in ${pause / 1000} s`);
    await wait(pause);
  }
}

const firstFailure = (output: string) => /^FAIL +(.*)$/m.exec(output)?.[1] ?? "no answer yet";

/** `npm run e2e` in a process of its own. */
export async function smokeTest(origin: string): Promise<Smoke> {
  const script = join(import.meta.dirname, "../e2e.ts");
  const { exitCode, all } = await execa(process.execPath, [script], {
    env: { OCTOPOOL_E2E_HOST: origin },
    all: true,
    reject: false,
  });
  return { ok: exitCode === 0, output: all ?? "" };
}
