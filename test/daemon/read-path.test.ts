import { expect, test } from "vitest";
import { eachTestHasMachine } from "./support/each-test.ts";
import type { TestMachine } from "./support/machine.ts";
import type { RelayStandIn } from "./support/relay.ts";

let relay: RelayStandIn;
let machine: TestMachine;

eachTestHasMachine((stage) => {
  ({ relay, machine } = stage);
});

test("the first read starts the daemon and asks the relay, the second is answered from memory", async () => {
  relay.answer = () => ({ body: '{"number": 7}' });
  const first = await machine.gh(["api", "repos/acme/widgets/pulls/7"]);
  expect(first).toMatchObject({ code: 0, stdout: '{"number": 7}', stderr: "" });
  const second = await machine.gh(["api", "repos/Acme/Widgets/pulls/7"]);
  expect(second.stdout).toBe('{"number": 7}');
  expect(relay.asked).toHaveLength(1);
  expect(relay.asked[0]).toMatchObject({ path: "/repos/acme/widgets/pulls/7", pool: "maintainers" });
  expect(await machine.status()).toMatchObject({
    counters: { local: 1, relayed: 1, githubCalls: 1, githubCallsSaved: 1 },
  });
});

test("a list from which fields were removed is the real gh's to print; a script is told of the cut", async () => {
  relay.answer = () => ({ body: "[]", reduced: true });
  machine.installGh();
  const path = "repos/acme/widgets/pulls";
  expect((await machine.gh(["api", path])).stdout).toBe(`real gh: api ${path}\n`);
  const { status, headers, body } = await machine.ask("GET", `/github/${path}`);
  expect([status, headers["x-octopool-reduced"], body.toString()]).toEqual([200, "true", "[]"]);
});
