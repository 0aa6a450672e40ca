/** The login that the daemon knows without a turn of the event loop. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Connections } from "../../daemon/connections.ts";
import { connectionFiles } from "../../shared/settings/connection.ts";

let now = 1_000;
const tick = () => {
  now++;
};

async function loggedIn() {
  const home = mkdtempSync(join(tmpdir(), "octopool-connections-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const env = { HOME: home, OCTOPOOL_URL: "https://relay.example.org", OCTOPOOL_TOKEN: "op_test" };
  const connections = new Connections(() => now);
  return { env, connections, known: await connections.once(env) };
}

test("is the one that was asked for last, as long as its files stay as they are", async () => {
  const { env, connections, known } = await loggedIn();
  expect(known).toBeDefined();
  expect(connections.latest(env)).toBe(known);
  tick();
  expect(connections.latest(env)).toBe(known);
  expect(connections.latest({ ...env })).toBeUndefined();
});

test.each(["settings", "credentials"])(
  "is asked for again in the millisecond after a change of its %s",
  async (name) => {
    const { env, connections } = await loggedIn();
    const file = connectionFiles(env).find((path) => path.includes(name));
    if (file === undefined) throw new Error(`there is no file of ${name}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "{}");
    tick();
    expect(connections.latest(env)).toBeUndefined();
  },
);

test("is not known before it was asked for", () => {
  expect(new Connections(() => now).latest({ HOME: "/nowhere" })).toBeUndefined();
});
