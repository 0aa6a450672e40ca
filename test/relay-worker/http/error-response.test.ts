import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { asKnown } from "../../../relay-worker/http/error-response.ts";
import { json } from "../support/github.ts";
import { TestRelay } from "../support/relay.ts";

let logged: string[];

beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((...parts) => void logged.push(parts.map(String).join(" ")));
});
afterEach(() => vi.restoreAllMocks());

describe("the log of unexpected errors", () => {
  test("tells where and why, without the values that a failing statement was given", async () => {
    const relay = await TestRelay.create();
    relay.github.on("/user", () => json({ id: 583231, login: "octocat" }));
    relay.github.on("/user/orgs", () => json([{ login: "acme" }]));
    await env.DB.prepare("drop table caller_tokens").run();
    const { status } = await relay.ask("/v1/login/github-cli", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ github_token: "gho_octo", client_name: "octocats-laptop" }),
    });
    expect(status).toBe(503);
    const log = logged.join("\n");
    expect(log).toContain("no such table: caller_tokens");
    expect(log).toMatch(/login\.ts/);
    expect(log).not.toMatch(/params|octocat|583231|gho_|op_|[0-9a-f]{64}|caller_[0-9a-f]{8}/);
  });

  test.each([
    [
      "a statement's own message",
      new Error("Failed query: select ?\nparams: octocat,laptop"),
      "Failed query: select ?",
    ],
    ["its cause", new Error("Failed\nparams: octocat", { cause: new Error("UNIQUE failed") }), "UNIQUE failed"],
    ["text that is no JSON", new SyntaxError('"octocat" is not valid JSON'), "SyntaxError"],
    ["a value that is no error", "octocat", "unknown"],
  ])("%s", (_what, error, told) => {
    expect(asKnown(error)).toMatchObject({ code: "internal_error" });
    expect(logged.join("\n")).toContain(told);
    expect(logged.join("\n")).not.toContain("octocat");
  });
});
