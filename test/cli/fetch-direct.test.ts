import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { environmentFetch } from "../../cli/fetch.ts";
import { askDirectly } from "../../cli/fetch-direct.ts";
import { makeCertificate } from "../support/certificate.ts";
import { stubCertificateChecks } from "../support/certificate-checks.ts";
import { closeServer, urlOf } from "../support/loopback.ts";
import { newHome } from "./support/octopool.ts";
import { startScriptedRelay } from "./support/relay.ts";

async function serving(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  onTestFinished(() => closeServer(server));
  return new URL(await urlOf(server));
}

test.each(["POST", "PUT", "PATCH", "DELETE"])(
  "%s, headers and body arrive; a redirect is an answer with its headers",
  async (method) => {
    const url = await serving(async (request, response) => {
      const text = Buffer.concat(await request.toArray()).toString();
      const { headers } = request;
      response.writeHead(307, { location: "/elsewhere" });
      response.end(
        JSON.stringify({ method: request.method, length: headers["content-length"], own: headers["x-own"], text }),
      );
    });
    const answer = await askDirectly(url, { method, headers: { "x-own": "1" }, body: "é" });
    expect(answer).toMatchObject({ ok: false, status: 307 });
    expect([answer.headers.get("Location"), answer.headers.get("absent")]).toEqual(["/elsewhere", null]);
    expect(JSON.parse(await answer.text())).toEqual({ method, length: "2", own: "1", text: "é" });
  },
);

test("an answer that comes packed is unpacked", async () => {
  const url = await serving((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("packed"));
  });
  const answer = await askDirectly(url, {});
  expect([answer.ok, await answer.text()]).toEqual([true, "packed"]);
});

test("an answer without a body may name an encoding", async () => {
  const url = await serving((_request, response) => {
    response.writeHead(204, { "content-encoding": "gzip" }).end();
  });
  const answer = await askDirectly(url, { method: "DELETE" });
  expect([answer.status, await answer.text()]).toEqual([204, ""]);
});

test("an answer that breaks off is an error, and no part of it an answer", async () => {
  const url = await serving((_request, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write("half", () => response.destroy());
  });
  const answer = await askDirectly(url, {});
  await expect(answer.text()).rejects.toThrow();
});

test("the signal ends the wait for an answer, and for its end", async () => {
  const silent = new AbortController();
  const url = await serving((request, response) => {
    if (request.url === "/half") response.writeHead(200).write("half");
    else silent.abort();
  });
  await expect(askDirectly(url, { signal: silent.signal })).rejects.toThrow("abort");
  const half = new AbortController();
  const answer = await askDirectly(new URL("/half", url), { signal: half.signal });
  half.abort();
  await expect(answer.text()).rejects.toThrow("abort");
});

test.for(["", "0"])(
  "a certificate that no authority signed is refused, by Node's name for it, with NODE_TLS_REJECT_UNAUTHORIZED=%s",
  async (value, { skip }) => {
    stubCertificateChecks(value);
    const { key, cert, made } = makeCertificate(newHome().directory);
    skip(!made, "openssl makes the certificate");
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) });
    onTestFinished(() => closeServer(server));
    const url = new URL((await urlOf(server)).replace("http:", "https:"));
    await expect(askDirectly(url, {})).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    // Where redirects are followed it is Node's fetch that asks.
    await expect(environmentFetch({})(url)).rejects.toMatchObject({ cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } });
  },
);

test("a command asks the relay without Node's fetch, whose loading takes longer than the command", async () => {
  const relay = await startScriptedRelay();
  const home = newHome({ OCTOPOOL_URL: relay.url, OCTOPOOL_ADMIN_TOKEN: "operator-secret" });
  const spy = join(home.directory, "spy.cjs");
  const loaded = 'process.moduleLoadList.filter((name) => name.includes("undici"))';
  writeFileSync(spy, `process.on("exit", () => process.stderr.write("loaded: " + JSON.stringify(${loaded}) + "\\n"));`);
  const { stderr } = await home.runWith({ NODE_OPTIONS: `--require=${spy}` }, "admin", "caller", "list");
  expect(relay.received).toHaveLength(1);
  expect(stderr).toContain("loaded: []");
});
