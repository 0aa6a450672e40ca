import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { askAddress, askConsent } from "../../cli/login/ask.ts";
import { newHome } from "./support/octopool.ts";

/** A terminal at which a user types this line. */
function terminal(typed: string) {
  const stdin = new PassThrough();
  const said: string[] = [];
  stdin.end(typed);
  const write = async (text: string | Uint8Array) => void said.push(String(text));
  const io = {
    stdin,
    stdinIsTerminal: true,
    stderr: { isTerminal: true, write },
    signal: new AbortController().signal,
  };
  return { io, said: () => said.join("") };
}

test("a login without an address asks for it on a terminal", async () => {
  const { io, said } = terminal("relay.example.org\n");
  expect(await askAddress(io)).toBe("relay.example.org");
  expect(said()).toBe("Relay address: ");
});

test.each(["\n", ""])("an empty answer (%j) sends nothing anywhere", async (typed) => {
  await expect(askAddress(terminal(typed).io)).rejects.toThrow(/No relay is named|Cancelled/);
});

test("without a terminal and an address it fails and names the argument: there is no built-in relay", async () => {
  expect(await newHome().run("login")).toMatchObject({
    exitCode: 2,
    stdout: "",
    stderr: expect.stringMatching(/No relay is named\.\n.*octopool login ADDRESS.*OCTOPOOL_URL/),
  });
});

test("no other command goes to a relay that was never named", async () => {
  expect(await newHome({ OCTOPOOL_TOKEN: "op_t" }).run("whoami")).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(/No relay is named/),
  });
});

test("the first time for a relay it names the token and its receiver, says that it is not kept, and asks", async () => {
  const { io, said } = terminal("\n");
  await askConsent(io, "https://relay.example.org", "GH_TOKEN");
  expect(said()).toMatch(/^relay\.example\.org gets your github\.com token \(of GH_TOKEN\) once.*does not keep it\.\n/);
  expect(said()).toMatch(/Send it to relay\.example\.org\? \[Y\/n\] $/);
});

test("a no is a no", async () => {
  await expect(askConsent(terminal("n\n").io, "https://relay.example.org", "GH_TOKEN")).rejects.toThrow(
    /nothing was sent/,
  );
});
