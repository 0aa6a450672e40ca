import { expect, test } from "vitest";
import { patienceMs, verify } from "../../../scripts/deploy/verify.ts";

const origin = "https://relay.example.org";
const failing = { ok: false, output: "FAIL  the landing page is a page: cannot be reached (ENOTFOUND)" };

/** A clock that only waiting moves. */
function verification(answers: readonly (typeof failing)[]) {
  const said: string[] = [];
  const waited: number[] = [];
  let [time, asked] = [0, 0];
  return {
    said,
    waited,
    smoke: async () => answers[Math.min(asked++, answers.length - 1)] ?? failing,
    say: (line: string) => void said.push(line),
    now: () => time,
    wait: async (milliseconds: number) => {
      waited.push(milliseconds);
      time += milliseconds;
    },
  };
}

test("an address that comes up late is waited for, longer each time, and the cause is printed", async () => {
  const given = verification([failing, failing, failing, { ok: true, output: "all well" }]);
  await verify(origin, given);
  expect(given.waited).toEqual([2000, 4000, 8000]);
  expect(given.said[0]).toBe(
    "waiting for https://relay.example.org: the landing page is a page: cannot be reached (ENOTFOUND); again in 2 s",
  );
  expect(given.said.at(-1)).toBe("all well");
});

test("a relay that answers at once is not waited for", async () => {
  const given = verification([{ ok: true, output: "all well" }]);
  await verify(origin, given);
  expect(given.waited).toEqual([]);
});

test("waiting has an end, after which it names the remedy", async () => {
  const given = verification([failing]);
  await expect(verify(origin, given)).rejects.toThrow("run this again, or npm run e2e with OCTOPOOL_E2E_HOST=");
  const total = given.waited.reduce((sum, each) => sum + each, 0);
  expect(total).toBeLessThanOrEqual(patienceMs);
  expect(Math.max(...given.waited)).toBe(20_000);
});
