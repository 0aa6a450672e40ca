import { describe, expect, test } from "vitest";
import { acme, field, github, pluck } from "./helpers.ts";

const widgetPath = "/repos/acme/widget";

describe("a write", () => {
  test("needs credentials and permission, and does not tell of hidden resources", async () => {
    const hub = await github(acme);
    expect((await hub.send("PATCH", `${widgetPath}/issues/2`, { state: "closed" })).status).toBe(401);
    expect((await hub.send("PATCH", `${widgetPath}/issues/2`, { state: "closed" }, "token-olu")).status).toBe(403);
    expect((await hub.send("PATCH", "/repos/acme/secret/issues/1", { state: "closed" }, "token-olu")).status).toBe(404);
  });

  test("closes an issue now, with actor and reason, and leaves an event", async () => {
    const hub = await github(acme);
    const answer = await hub.send(
      "PATCH",
      `${widgetPath}/issues/2`,
      { state: "closed", state_reason: "not_planned" },
      "token-ada",
    );
    expect(answer.json).toMatchObject({
      state: "closed",
      state_reason: "not_planned",
      closed_at: "2026-06-01T12:00:00Z",
      updated_at: "2026-06-01T12:00:00Z",
      closed_by: { login: "ada" },
    });
    expect(pluck((await hub.get(`${widgetPath}/issues/2/events`)).json, "event")).toContain("closed");
  });

  test("comments, labels and unlabels", async () => {
    const hub = await github(acme);
    expect((await hub.send("POST", `${widgetPath}/issues/3/comments`, { body: "hello" }, "token-olu")).status).toBe(
      201,
    );
    expect((await hub.get(`${widgetPath}/issues/3`)).json).toMatchObject({ comments: 1 });
    const labelled = await hub.send(
      "POST",
      `${widgetPath}/issues/3/labels`,
      { labels: ["bug", "new one"] },
      "token-ada",
    );
    expect(pluck(labelled.json, "name")).toEqual(["bug", "new one"]);
    const removed = await hub.send("DELETE", `${widgetPath}/issues/3/labels/new%20one`, undefined, "token-ada");
    expect(pluck(removed.json, "name")).toEqual(["bug"]);
  });

  test("merges a pull request into its base branch, once", async () => {
    const hub = await github(acme);
    expect((await hub.send("PUT", `${widgetPath}/pulls/40/merge`, { sha: "0".repeat(40) }, "token-ada")).status).toBe(
      409,
    );
    const merged = await hub.send("PUT", `${widgetPath}/pulls/40/merge`, { merge_method: "squash" }, "token-ada");
    expect(merged.json).toMatchObject({ merged: true });
    expect((await hub.get(`${widgetPath}/pulls/40`)).json).toMatchObject({
      state: "closed",
      merged: true,
      merged_by: { login: "ada" },
      merge_commit_sha: field(merged.json, "sha"),
    });
    expect((await hub.get(`${widgetPath}/branches/main`)).json).toMatchObject({
      commit: { sha: field(merged.json, "sha"), commit: { message: "Open (#40)" } },
    });
    expect((await hub.send("PUT", `${widgetPath}/pulls/40/merge`, {}, "token-ada")).status).toBe(405);
  });

  test("of a ref, as a push, moves the pull requests that come from it", async () => {
    const hub = await github(acme);
    const sha = "1234567890123456789012345678901234567890";
    const before = await hub.get(`${widgetPath}/pulls/40`);
    expect((await hub.send("PATCH", `${widgetPath}/git/refs/heads/topic`, { sha }, "token-ada")).status).toBe(200);
    const after = await hub.get(`${widgetPath}/pulls/40`);
    expect(field(before.json, "head", "sha")).not.toBe(sha);
    expect(after.json).toMatchObject({ head: { sha }, commits: 2, updated_at: "2026-06-01T12:00:00Z" });
  });
});
