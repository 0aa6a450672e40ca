import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eachTestHasMachine } from "../daemon/support/each-test.ts";
import { ended, type TestMachine } from "../daemon/support/machine.ts";
import { RelayStandIn } from "../daemon/support/relay.ts";

/** The bundles, as users have them; `npm run test:e2e` builds them first. */
const entry = join(import.meta.dirname, "../../dist/octopool.cjs");

let relay: RelayStandIn;
let machine: TestMachine;

eachTestHasMachine((stage) => {
  ({ relay, machine } = stage);
});

const octopool = (...args: string[]) => ended(machine.start([process.execPath, entry, ...args]));
const read = ["gh", "api", "repos/acme/widgets/pulls/7"];

test("200 simultaneous cold starts: one daemon, 200 right answers, one read of the relay", {
  timeout: 240_000,
}, async () => {
  relay.answer = () => ({ body: '{"number":7}' });
  // A shell starts them: 200 starts by this process would keep the relay, which lives in it, from answering meanwhile.
  const line = `for i in $(seq 200); do { "$@" >out.$i 2>err.$i; echo $? >code.$i; } & done; wait`;
  const there = join(machine.root, "starts");
  mkdirSync(there);
  await ended(machine.start(["/bin/sh", "-c", line, "x", process.execPath, entry, ...read], { cwd: there }));
  const answers = new Map<string, number>();
  for (let at = 1; at <= 200; at++) {
    const [stdout, stderr, code] = ["out", "err", "code"].map((name) =>
      readFileSync(join(there, `${name}.${at}`), "utf8"),
    );
    const answer = JSON.stringify([stdout, stderr, Number(code)]);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  expect(Object.fromEntries(answers)).toEqual({ [JSON.stringify(['{"number":7}', "", 0])]: 200 });
  expect(machine.daemons()).toHaveLength(1);
  expect(machine.log().match(/ started /g)).toHaveLength(1);
  expect(relay.asked).toHaveLength(1);
});

test("octopool daemon: start, status, restart, logs, stop", async () => {
  expect(await octopool("daemon", "status")).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^No daemon runs/),
  });
  expect(await octopool("daemon", "start")).toMatchObject({ code: 0 });
  const [first] = machine.daemons();
  expect(await octopool("daemon", "start")).toMatchObject({
    code: 0,
    stderr: `The daemon runs already (process ${first}).\n`,
  });
  expect((await octopool("daemon", "status")).stdout).toMatch(new RegExp(`process ${first}, running`));
  expect(await octopool("daemon", "restart")).toMatchObject({ code: 0 });
  const status = JSON.parse((await octopool("daemon", "status", "--json")).stdout);
  expect(status.pid).not.toBe(first);
  expect((await octopool("daemon", "logs")).stdout).toMatch(/started.*\n.*leaving/);
  expect(await octopool("daemon", "stop")).toMatchObject({ code: 0 });
  await expect.poll(() => machine.daemons()).toEqual([]);
  expect(await octopool("daemon", "stop")).toMatchObject({ code: 0, stderr: "No daemon runs.\n" });
});

test("octopool daemon logs -f shows added lines", async () => {
  await octopool("daemon", "start");
  const child = machine.start([process.execPath, entry, "daemon", "logs", "-f"]);
  const result = ended(child);
  let seen = "";
  child.stdout.on("data", (chunk: Buffer) => {
    seen += chunk;
  });
  await once(child.stdout, "data");
  await octopool("daemon", "stop");
  await expect.poll(() => seen, { timeout: 20_000 }).toMatch(/ left /);
  child.kill("SIGINT");
  expect(await result).toMatchObject({ code: 0 });
});

test("OCTOPOOL_NO_DAEMON answers in the process, with the same bytes, and starts nothing", async () => {
  relay.answer = () => ({ body: '{"number":7}' });
  machine.env.OCTOPOOL_NO_DAEMON = "1";
  expect(await octopool(...read)).toMatchObject({ code: 0, stdout: '{"number":7}', stderr: "" });
  expect(machine.daemons()).toEqual([]);
  expect(existsSync(machine.runtime)).toBe(false);
});

test("the engine's real commands come through the daemon: gh api with --jq", async () => {
  relay.answer = () => ({ body: '{"number":7,"title":"über"}' });
  expect(await octopool(...read, "--jq", ".title")).toMatchObject({ code: 0, stdout: "über\n" });
});

test("not logged in: the real gh runs, and one notice a day is all", async () => {
  machine.installGh();
  for (const name of ["OCTOPOOL_URL", "OCTOPOOL_TOKEN", "OCTOPOOL_POOL"]) delete machine.env[name];
  const first = await octopool(...read);
  expect(first).toMatchObject({ code: 0, stdout: "real gh: api repos/acme/widgets/pulls/7\n" });
  expect(first.stderr).toMatch(/not logged in.*octopool login/);
  expect(await octopool(...read)).toMatchObject({ code: 0, stderr: "" });
});

test("a relay that is down: the real gh runs with one notice, then in silence; OCTOPOOL_NO_FALLBACK makes it an error", async () => {
  machine.installGh();
  await relay.stop();
  const first = await octopool(...read);
  expect(first).toMatchObject({ code: 0, stdout: "real gh: api repos/acme/widgets/pulls/7\n" });
  expect(first.stderr).toMatch(/could not be reached.*gh ran as it is/);
  expect((await octopool(...read)).stderr).toBe("");
  machine.env.OCTOPOOL_NO_FALLBACK = "1";
  expect(await octopool(...read)).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/OCTOPOOL_NO_FALLBACK/),
  });
  relay = await RelayStandIn.start();
});

test("a login that the relay no longer knows: a clear word, then the real gh", async () => {
  machine.installGh();
  relay.answer = () => ({ refusal: { http: 401, code: "invalid_auth" } });
  const { stdout, stderr } = await octopool(...read);
  expect(stdout).toMatch(/^real gh/);
  expect(stderr).toMatch(/no longer knows this login.*octopool login/);
});

test("a mutation goes to the real gh without touching the socket, and the next read asks GitHub", async () => {
  machine.installGh();
  relay.answer = (_asked, count) => ({ body: `{"read":${count}}` });
  await octopool(...read);
  const before = (await machine.status()) as { counters?: { commandsAnswered?: number; commandsHandedOver?: number } };
  expect((await octopool("gh", "pr", "edit", "7", "-R", "acme/widgets", "--title", "new")).stdout).toMatch(
    /^real gh: pr edit/,
  );
  expect(await machine.status()).toMatchObject({
    counters: {
      commandsAnswered: before.counters?.commandsAnswered,
      commandsHandedOver: before.counters?.commandsHandedOver,
    },
  });
  expect((await octopool(...read)).stdout).toBe('{"read":2}');
  expect(relay.asked[1]?.headers["cache-control"]).toBe("max-age=0");
});

test("login and logout take effect without a restart", async () => {
  machine.installGh();
  relay.answer = () => ({ body: '"in"' });
  const { OCTOPOOL_TOKEN = "" } = machine.env;
  expect((await octopool(...read)).stdout).toBe('"in"');
  delete machine.env.OCTOPOOL_TOKEN;
  expect((await octopool(...read)).stdout).toMatch(/^real gh/);
  machine.env.OCTOPOOL_TOKEN = OCTOPOOL_TOKEN;
  expect((await octopool(...read)).stdout).toBe('"in"');
});

test("an alias of the user's own goes before the command of that name", async () => {
  machine.installGh();
  const { mkdirSync, writeFileSync } = await import("node:fs");
  mkdirSync(join(machine.home, ".config/gh"), { recursive: true });
  writeFileSync(
    join(machine.home, ".config/gh/config.yml"),
    "git_protocol: https\naliases:\n    co: pr checkout\n    pr view: issue view\n",
  );
  expect((await octopool("gh", "pr", "view", "7", "-R", "acme/widgets")).stdout).toMatch(/^real gh: pr view/);
  expect(relay.asked).toHaveLength(0);
});
