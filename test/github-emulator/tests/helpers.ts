import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { onTestFinished } from "vitest";
import * as z from "zod";
import { type GitHub, type GitHubOptions, startGitHub } from "../server.ts";
import type { WorldFile } from "../world/schema.ts";

/** An answer with its JSON, where it has one. */
interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: unknown;
}

interface Tested extends GitHub {
  get(path: string, token?: string, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body: unknown, token?: string): Promise<Answer>;
  /** The emulator's clock, in milliseconds. */
  clock: { now: number };
}

export const startMs = Date.UTC(2026, 5, 1, 12);

/** Starts a GitHub that ends with the test, on a clock that stands still until it is moved. */
export async function github(
  world: WorldFile | undefined,
  options: Omit<GitHubOptions, "world"> = {},
): Promise<Tested> {
  const clock = { now: startMs };
  const started = await startGitHub({ now: () => clock.now, ...options, world });
  onTestFinished(() => started.close());
  const send = async (
    method: string,
    path: string,
    body: unknown,
    token?: string,
    headers: Record<string, string> = {},
  ) => {
    const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(started.url + path, {
      method,
      redirect: "manual",
      headers: { ...authorization, ...headers },
      ...sent,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  };
  return Object.assign(started, {
    clock,
    get: (path: string, token?: string, headers?: Record<string, string>) =>
      send("GET", path, undefined, token, headers),
    send: (method: string, path: string, body: unknown, token?: string) => send(method, path, body, token),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The numbers, names or ids of a list. */
export function pluck(list: unknown, key: string): unknown[] {
  return z
    .array(z.record(z.string(), z.unknown()))
    .parse(list)
    .map((each) => each[key]);
}

export function field(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((at, key) => z.record(z.string(), z.unknown()).parse(at)[key], value);
}

/** A small organization: one public and one private repository, a member, an outsider. */
export const acme: WorldFile = {
  users: [{ login: "ada", name: "Ada L" }, { login: "olu" }, { login: "gone", deleted: true }],
  organizations: [
    { login: "acme", members: [{ login: "ada", role: "admin" }, "cai"], teams: [{ name: "Core", members: ["ada"] }] },
  ],
  tokens: [
    { token: "token-ada", login: "ada" },
    { token: "token-ada-2", login: "ada" },
    { token: "token-cai", login: "cai" },
    { token: "token-olu", login: "olu" },
    { token: "token-public-only", login: "ada", scopes: ["public_repo"] },
  ],
  repositories: [
    {
      name: "acme/widget",
      renamed_from: ["acme/gadget"],
      labels: ["bug", "later"],
      files: { "README.md": "# Widget\r\n", "src/a.ts": "export {};\n", "bin/x": { base64: "/wD+" } },
      commits: [
        { message: "Start", author: "ada", date: "2026-01-01T00:00:00Z" },
        {
          message: "Go on",
          author: "cai",
          date: "2026-01-02T00:00:00Z",
          files: [{ path: "src/a.ts", patch: "@@ -1 +1 @@\n-a\n+b" }],
        },
      ],
      branches: [{ name: "feature/x" }],
      tags: [{ name: "v1", message: "One\n" }],
      issues: Array.from({ length: 35 }, (_, index) => ({
        number: index + 1,
        title: `Issue ${index + 1}`,
        author: index === 0 ? "gone" : "olu",
        labels: index % 2 ? ["bug"] : [],
      })),
      pulls: [
        {
          number: 40,
          title: "Open",
          author: "olu",
          head: "topic",
          files: [{ path: "src/a.ts", patch: "@@ -1 +1 @@\n-a\n+b" }],
          reviews: [
            { author: "cai", state: "PENDING" },
            { author: "ada", state: "APPROVED", comments: [{ body: "nice", path: "src/a.ts" }] },
          ],
        },
        {
          number: 41,
          title: "Done",
          author: "ada",
          head: "done",
          merged: true,
          merged_at: "2026-02-01T00:00:00Z",
          files: [{ path: "b.ts", status: "added", patch: "@@ -0,0 +1 @@\n+b" }],
        },
        { number: 42, title: "From a lost fork", author: "olu", head: { ref: "lost", repo: null } },
      ],
      runs: [
        {
          workflow: "CI",
          pull: 40,
          jobs: [{ name: "build", conclusion: "failure", steps: ["checkout", "test"] }],
          previous_attempts: [{ conclusion: "cancelled", jobs: [{ name: "build", conclusion: "cancelled" }] }],
        },
      ],
      releases: [{ tag: "v1" }, { tag: "v2", draft: true }],
    },
    { name: "acme/secret", private: true, issues: [{ number: 1, title: "Hidden", author: "ada" }] },
  ],
};

/** An App's key pair and its JSON web tokens. */
export function appKey(): { publicKey: string; jwt(appId: number, seconds: number, lifetime?: number): string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    jwt: (appId, seconds, lifetime = 540) =>
      signed({ iat: seconds - 60, exp: seconds + lifetime, iss: String(appId) }, privateKey),
  };
}

function signed(claims: object, key: KeyObject): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const content = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
  return `${content}.${sign("RSA-SHA256", Buffer.from(content), key).toString("base64url")}`;
}
