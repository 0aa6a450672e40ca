import { readFileSync } from "node:fs";
import * as http from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { proxyFor } from "../../cli/fetch.ts";
import { makeCertificate } from "../support/certificate.ts";
import { closeServer, urlOf } from "../support/loopback.ts";
import { newHome } from "./support/octopool.ts";
import { discoveryOf, on, startScriptedRelay } from "./support/relay.ts";

/** Leads every connection to a port of this machine, and notes where it was to go. */
function tunnel(proxy: http.Server, port: string, asked: string[]): void {
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    const onward = connect(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    socket.on("error", () => onward.destroy());
    onward.on("error", () => socket.destroy());
  });
}

test("a proxy is used for its protocol, and never for a relay on this machine", () => {
  const env = { HTTPS_PROXY: "http://proxy:1", http_proxy: "http://proxy:2" };
  expect(proxyFor(env, new URL("https://relay.example"))).toBe("http://proxy:1");
  expect(proxyFor(env, new URL("http://relay.example"))).toBe("http://proxy:2");
  for (const host of ["localhost", "127.0.0.1", "[::1]"])
    expect(proxyFor(env, new URL(`https://${host}`))).toBeUndefined();
  expect(proxyFor({}, new URL("https://relay.example"))).toBeUndefined();
});

test.skipIf(!("setGlobalProxyFromEnv" in http))(
  "commands reach the relay through the proxy (needs Node 24)",
  async () => {
    const name = "http://relay.invalid";
    const relay = await startScriptedRelay(
      on("GET", "/.well-known/octopool", { status: 200, body: discoveryOf(name) }),
    );
    const { port } = new URL(relay.url);
    const asked: string[] = [];
    const proxy = http.createServer((request, response) => {
      asked.push(request.url ?? "");
      const { pathname, search } = new URL(request.url ?? "/", relay.url);
      const { method, headers } = request;
      const onward = http.request({ port, path: pathname + search, method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    });
    tunnel(proxy, port, asked);
    const address = await urlOf(proxy);
    onTestFinished(() => closeServer(proxy));
    const home = newHome({ HTTP_PROXY: address, OCTOPOOL_ALLOW_INSECURE_LOGIN: "1" });
    expect(await home.run("login", name)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`Logged in to ${name}`),
    });
    expect(asked).not.toEqual([]);
    expect(asked.filter((target) => !target.includes("relay.invalid"))).toEqual([]);
  },
);

test.skipIf(!("setGlobalProxyFromEnv" in http))(
  "behind a proxy, too, a certificate that no authority signed is refused, under any NODE_TLS_REJECT_UNAUTHORIZED",
  async ({ skip }) => {
    const home = newHome({ NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    const { key, cert, made } = makeCertificate(home.directory);
    skip(!made, "openssl makes the certificate");
    const received: string[] = [];
    const relay = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      received.push(request.url ?? "");
      response.end();
    });
    onTestFinished(() => closeServer(relay));
    const { port } = new URL(await urlOf(relay));
    const opened: string[] = [];
    const proxy = http.createServer();
    tunnel(proxy, port, opened);
    onTestFinished(() => closeServer(proxy));
    const { exitCode, stderr } = await home.runWith(
      { HTTPS_PROXY: await urlOf(proxy) },
      ...["login", "https://relay.invalid"],
    );
    expect([exitCode === 0, received]).toEqual([false, []]);
    expect(opened).toEqual(["relay.invalid:443"]);
    expect(stderr).toMatch(/certificate/i);
  },
);
