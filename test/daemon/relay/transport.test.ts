/** The connection to the relay, against real servers of both kinds. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createSecureServer, type Http2SecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTransport, dispatcherFor } from "../../../daemon/relay/transport.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { stubCertificateChecks } from "../../support/certificate-checks.ts";

const directory = mkdtempSync(join(tmpdir(), "octopool-transport-"));
const { key, cert, made } = makeCertificate(directory);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.skipIf(!made)("a relay that offers HTTP/2 (openssl makes its certificate)", () => {
  let server: Http2SecureServer;
  let connections = 0;
  let streams = 0;
  const versions: string[] = [];

  beforeAll(async () => {
    server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert), allowHTTP1: true });
    server.on("secureConnection", () => {
      connections += 1;
    });
    server.on("request", (request, response) => {
      streams += 1;
      versions.push(request.httpVersion);
      request.resume().on("end", () => {
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "br" });
        response.end(brotliCompressSync('{"answered":true}'));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test("is asked over it: many requests, one connection, compressed answers", async () => {
    const { port } = server.address() as AddressInfo;
    const transport = await createTransport(
      `https://localhost:${port}`,
      { env: {}, ca: readFileSync(cert, "utf8") },
      16,
    );
    const { signal } = new AbortController();
    try {
      await transport.post("/v1/github/request", {}, "{}", signal);
      const answers = await Promise.all(
        Array.from({ length: 16 }, () => transport.post("/v1/github/request", {}, "{}", signal)),
      );
      expect(answers.map(({ status, body }) => `${status} ${body}`)).toEqual(
        answers.map(() => '200 {"answered":true}'),
      );
    } finally {
      await transport.close();
    }
    expect(new Set(versions)).toEqual(new Set(["2.0"]));
    expect([connections, streams]).toEqual([1, 16 + 1]);
  });

  test("is not trusted with a certificate that no authority signed", async () => {
    const { port } = server.address() as AddressInfo;
    const transport = await createTransport(`https://localhost:${port}`, { env: {} }, 16);
    try {
      await expect(transport.post("/", {}, "{}", new AbortController().signal)).rejects.toThrow(/certificate/i);
    } finally {
      await transport.close();
    }
  });

  test("is not trusted because a process of Node's is told not to look", async () => {
    const { port } = server.address() as AddressInfo;
    stubCertificateChecks("0");
    const transport = await createTransport(
      `https://localhost:${port}`,
      { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } },
      16,
    );
    try {
      await expect(transport.post("/", {}, "{}", new AbortController().signal)).rejects.toThrow(/certificate/i);
    } finally {
      await transport.close();
    }
  });

  test("is trusted by a caller whose NODE_EXTRA_CA_CERTS vouches for it, and by that one alone", async () => {
    const { port } = server.address() as AddressInfo;
    const [with_, without] = await Promise.all([
      createTransport(`https://localhost:${port}`, { env: { NODE_EXTRA_CA_CERTS: cert } }, 16),
      createTransport(`https://localhost:${port}`, { env: { NODE_EXTRA_CA_CERTS: join(directory, "absent.pem") } }, 16),
    ]);
    const { signal } = new AbortController();
    try {
      expect((await with_.post("/", {}, "{}", signal)).status).toBe(200);
      await expect(without.post("/", {}, "{}", signal)).rejects.toThrow(/certificate/i);
    } finally {
      await Promise.all([with_.close(), without.close()]);
    }
  });
});

test.each([
  ["http://127.0.0.1:8787", "Pool"],
  ["http://localhost:8787", "Pool"],
  ["http://[::1]:8787", "Pool"],
  ["http://127.example.org:8787", "EnvHttpProxyAgent"],
  ["http://relay.example.org", "EnvHttpProxyAgent"],
])("%s is this machine, or is reached through the proxy: %s", async (server, kind) => {
  const dispatcher = await dispatcherFor(server, { env: { HTTP_PROXY: "http://proxy.example.org:3128" } }, 1);
  expect(dispatcher.constructor.name).toBe(kind);
  await dispatcher.close();
});
