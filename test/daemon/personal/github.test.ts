/** The way to a host's API by the network: which certificates are accepted there. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Pool from "undici/lib/dispatcher/pool.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { githubCom, type Host } from "../../../daemon/hosts.ts";
import { OwnGitHub } from "../../../daemon/personal/github.ts";
import { reachHost } from "../../../daemon/via/offer.ts";
import { createUpstream } from "../../../daemon/via/upstream.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { stubCertificateChecks } from "../../support/certificate-checks.ts";

const directory = mkdtempSync(join(tmpdir(), "own-github-"));
const { key, cert, made } = makeCertificate(directory);
const server: Host = { name: "localhost", server: true };

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.skipIf(!made)("a host whose authority only the system knows (openssl makes its certificate)", () => {
  let https: Server;
  let asked: (string | undefined)[];

  beforeAll(async () => {
    asked = [];
    https = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      asked.push(`${request.headers.host}${request.url}`);
      response.end("{}");
    });
    await new Promise<void>((resolve) => https.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise((resolve) => https.close(resolve)));

  async function ask(host: Host, authorities: readonly string[]): Promise<number> {
    const { port } = https.address() as AddressInfo;
    const own = new OwnGitHub({
      userAgent: "octopool-test",
      open: (_origin, options) => new Pool(`https://localhost:${port}`, options),
      authorities: () => authorities,
    });
    const account = { hash: "h", host, token: "t", socket: "" };
    try {
      return (await own.ask({ account, target: "/user", headers: {}, signal: AbortSignal.timeout(10_000) })).status;
    } finally {
      await own.close();
    }
  }

  const known = () => [readFileSync(cert, "utf8")];

  test("is reached where it is a server", async () => {
    expect(await ask(server, known())).toBe(200);
    expect(asked).toEqual(["localhost/api/v3/user"]);
  });

  describe.each(["", "0"])("with NODE_TLS_REJECT_UNAUTHORIZED=%s", (value) => {
    test.each<[string, Host, () => readonly string[]]>([
      ["the system does not know it either", server, () => []],
      ["it claims to be github.com", githubCom, known],
    ])("is not where %s", async (_why, host, authorities) => {
      stubCertificateChecks(value);
      await expect(ask(host, authorities())).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    });

    test("takes no request of gh's either", async () => {
      stubCertificateChecks(value);
      const { port } = https.address() as AddressInfo;
      const upstream = createUpstream("");
      const signal = AbortSignal.timeout(10_000);
      const sent = upstream.send({ method: "GET", target: "/", host: `localhost:${port}`, headers: [], signal });
      await expect(sent).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
      upstream.close();
    });

    test("is no host that gh is sent through this daemon for", async () => {
      stubCertificateChecks(value);
      const { port } = https.address() as AddressInfo;
      await expect(reachHost("localhost", port)).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    });
  });
});
