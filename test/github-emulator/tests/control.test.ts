import { describe, expect, test } from "vitest";
import { acme, appKey, field, github } from "./helpers.ts";

describe("the control interface", () => {
  test("counts every call by route, viewer and status", async () => {
    const hub = await github(acme);
    await hub.get("/repos/acme/widget/pulls/40", "token-ada");
    await hub.get("/repos/acme/widget/pulls/41", "token-ada");
    await hub.get("/repos/acme/nothing");
    expect(hub.control.summary()).toEqual({
      total: 3,
      routes: { "GET /repos/:owner/:repo/pulls/:number": 2, "GET /repos/:owner/:repo": 1 },
      viewers: { ada: 2, anonymous: 1 },
      statuses: { "200": 2, "404": 1 },
    });
  });

  test("holds calls until they are released", async () => {
    const hub = await github(acme);
    const held = hub.control.hold({ path: "/repos/acme/widget/*" });
    const answers = Promise.all([1, 2, 3].map(() => hub.get("/repos/acme/widget/pulls/40")));
    await held.arrived(3);
    expect(hub.control.calls).toHaveLength(0);
    expect((await hub.get("/repos/acme/widget")).status).toBe(200);
    held.release();
    expect((await answers).map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(held.waiting()).toBe(0);
  });

  test("breaks calls: a status, a lost connection, as often as asked", async () => {
    const hub = await github(acme);
    hub.control.fail(502, { path: "/repos/acme/widget" }, 1);
    expect((await hub.get("/repos/acme/widget")).status).toBe(502);
    expect((await hub.get("/repos/acme/widget")).status).toBe(200);
    hub.control.fail("drop", {}, 1);
    await expect(hub.get("/repos/acme/widget")).rejects.toThrow();
    expect(hub.control.summary().statuses).toEqual({ "0": 1, "200": 1, "502": 1 });
  });

  test("limits one token and leaves the others", async () => {
    const hub = await github(acme);
    hub.control.secondaryLimit({ token: "token-ada" }, null);
    const refused = await hub.get("/repos/acme/widget", "token-ada");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([403, null]);
    expect((await hub.get("/repos/acme/widget", "token-olu")).status).toBe(200);
  });

  test("answers over HTTP too, and is not counted", async () => {
    const hub = await github(acme);
    const post = (command: string, body: unknown) => hub.send("POST", `/_emulator/${command}`, body);
    await post("limit", { token: "token-ada", remaining: 0 });
    expect((await hub.get("/repos/acme/widget", "token-ada")).status).toBe(403);
    await post("reset", {});
    expect((await hub.get("/repos/acme/widget", "token-ada")).status).toBe(200);
    expect((await hub.get("/_emulator/summary")).json).toMatchObject({ total: 1 });
    expect((await post("nonsense", {})).status).toBe(404);
    expect((await post("fail", { fault: "often" })).status).toBe(400);
  });

  test("another world begins with full budgets, and Apps that it has too keep their keys", async () => {
    const world = { ...acme, apps: [{ slug: "relay", id: 7, installations: [{ id: 70, account: "acme" }] }] };
    const key = appKey();
    const hub = await github(world, { appKeys: { relay: key.publicKey } });
    await hub.send("POST", "/_emulator/limit", { token: "token-ada", remaining: 0 });
    expect((await hub.send("PUT", "/_emulator/world", world)).status).toBe(200);
    expect((await hub.get("/repos/acme/widget", "token-ada")).status).toBe(200);
    expect((await hub.get("/app", key.jwt(7, hub.clock.now / 1000))).status).toBe(200);
    expect((await hub.send("PUT", "/_emulator/world", { repositories: [{ name: "no-owner" }] })).status).toBe(400);
  });

  test("several changes at once, fields of the repository itself, and unknown changes", async () => {
    const hub = await github(acme);
    const patch = (body: unknown) => hub.send("PATCH", "/_emulator/world", body);
    const repository = "acme/widget";
    expect(
      (
        await patch([
          { repository, set: { description: "New" } },
          { repository, pull: 40, set: { title: "Two" } },
        ])
      ).status,
    ).toBe(200);
    expect(field((await hub.get("/repos/acme/widget")).json, "description")).toBe("New");
    expect(field((await hub.get("/repos/acme/widget/pulls/40")).json, "title")).toBe("Two");
    for (const unknown of [
      { repository, set: { colour: "red" } },
      { repository, pull: 999, set: { title: "x" } },
      { repository: "acme/nothing", set: { description: "x" } },
    ])
      expect((await patch(unknown)).status).toBe(400);
    const lost = await hub.send("POST", "/_emulator/nonsense", {});
    expect([lost.status, field(lost.json, "commands")]).toEqual([404, expect.arrayContaining(["PUT world"])]);
  });

  test("changes the world as another user would", async () => {
    const hub = await github(acme);
    await hub.get("/repos/acme/widget/pulls/40");
    const changed = await hub.send("PATCH", "/_emulator/world", {
      repository: "acme/widget",
      pull: 40,
      set: { title: "Renamed", updated_at: "2026-06-01T11:00:00Z" },
    });
    expect(changed.status).toBe(200);
    expect(field((await hub.get("/repos/acme/widget/pulls/40")).json, "title")).toBe("Renamed");
    hub.mutate((world) => {
      const repository = world.repositories.get("acme/widget");
      if (repository) repository.private = true;
    });
    expect((await hub.get("/repos/acme/widget/pulls/40")).status).toBe(404);
  });
});
