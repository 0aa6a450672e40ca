/** The smoke test of a deployment, against the relay on local workerd and against something else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { startRelay } from "../../scripts/stack/relay.ts";

const script = join(import.meta.dirname, "../../scripts/e2e.ts");

async function smoke(host?: string): Promise<{ code: number; output: string }> {
  const { OCTOPOOL_E2E_HOST: _unset, ...rest } = process.env;
  const env = host ? { ...rest, OCTOPOOL_E2E_HOST: host } : rest;
  const child = spawn(process.execPath, [script], { env, stdio: ["ignore", "pipe", "pipe"] });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: Number(code), output: output + errors };
}

test("all is well with a relay", async () => {
  const relay = await startRelay({ githubApi: "http://127.0.0.1:9", bindings: {} });
  try {
    const { code, output } = await smoke(relay.url);
    expect(output).not.toContain("FAIL");
    expect(output.match(/^ok {4}/gm)).toHaveLength(6);
    expect(code).toBe(0);
  } finally {
    await relay.close();
  }
});

test("something else fails every check", async () => {
  const server = createServer((_request, response) => response.end("hello")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { code, output } = await smoke(`http://127.0.0.1:${port}`);
  server.close();
  expect(output.match(/^FAIL/gm)).toHaveLength(6);
  expect(code).toBe(1);
});

test("without a host it says how to name one", async () => {
  expect(await smoke()).toMatchObject({ code: 2, output: expect.stringContaining("OCTOPOOL_E2E_HOST") });
});
