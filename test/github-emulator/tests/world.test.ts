import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildWorld } from "../world/build.ts";
import { history } from "../world/build-git.ts";
import { nodeId } from "../world/ids.ts";
import { worldJsonSchema, worldSchema } from "../world/schema.ts";
import demoFile from "../worlds/demo.json" with { type: "json" };
import { demoWorld } from "../worlds/demo.ts";
import { acme } from "./helpers.ts";

const page = readFileSync(new URL("../../../docs/emulator.md", import.meta.url), "utf8");

describe("a world", () => {
  test("gets the same ids each time it is built", () => {
    const ids = () =>
      [...(buildWorld(acme).repositories.get("acme/widget")?.threads.values() ?? [])].map(
        (thread) => thread.issue_node_id,
      );
    expect(ids()).not.toEqual([]);
    expect(ids()).toEqual(ids());
  });

  test("has node ids of GitHub's format", () => {
    expect(nodeId("R", 899780383)).toBe("R_kgDONaGPHw");
    expect(nodeId("PR", 3544490, 2806945628)).toBe("PR_kwDOADYVqs6nTpdc");
    expect(nodeId("C", 3544490, "3253acaabd86de12b73d0a24c98eb9c13d1987b5")).toBe(
      "C_kwDOADYVqtoAKDMyNTNhY2FhYmQ4NmRlMTJiNzNkMGEyNGM5OGViOWMxM2QxOTg3YjU",
    );
    expect(nodeId("CS", 3544490, 32504127411)).toBe("CS_kwDOADYVqs8AAAAHkWWfsw");
  });

  test("puts merged pull requests into the base branch's history by date", () => {
    const repository = buildWorld(acme).repositories.get("acme/widget");
    const head = repository?.branches.get("main")?.sha;
    const messages = repository && head ? history(repository, head).map((commit) => commit.message) : [];
    expect(messages).toEqual(["Done (#41)", "Go on", "Start"]);
  });

  test("gives deleted accounts' work no author", () => {
    expect(buildWorld(acme).repositories.get("acme/widget")?.threads.get(1)?.author).toBeNull();
  });

  test("refuses keys that the schema does not know, and says where", () => {
    const typo = { repositories: [{ name: "a/b", pulls: [{ titel: "x", author: "bob", head: "y" }] }] };
    const result = worldSchema.safeParse(typo);
    expect(result.error?.issues.map((issue) => issue.path.join("."))).toContain("repositories.0.pulls.0.title");
  });

  test("is described as JSON Schema", () => {
    expect(JSON.stringify(worldJsonSchema())).toContain('"fork_of"');
  });
});

describe("the demo world", () => {
  test("is as its script makes it", () => {
    expect(JSON.parse(JSON.stringify(demoWorld()))).toEqual(demoFile);
  });

  test("is as large as its page says, and has two forks and one private repository", () => {
    const world = buildWorld(demoFile);
    const lantern = world.repositories.get("lumen-labs/lantern");
    const threads = [...(lantern?.threads.values() ?? [])];
    const all = [...world.repositories.values()];
    const jobs = lantern?.runs.map(({ attempts }) => attempts.at(-1)?.jobs.length ?? 0) ?? [];
    const said =
      /(\d+) pull requests, (\d+) issues, (\d+) runs \(one of (\d+) jobs\), (\d+) releases \(one a draft\)/.exec(page);
    expect(said?.slice(1).map(Number)).toEqual([
      threads.filter((thread) => thread.kind === "pull").length,
      threads.filter((thread) => thread.kind === "issue").length,
      lantern?.runs.length,
      Math.max(...jobs),
      lantern?.releases.length,
    ]);
    expect(lantern?.releases.filter(({ draft }) => draft)).toHaveLength(1);
    expect(all.filter((each) => each.parent === lantern)).toHaveLength(2);
    expect(all.filter((each) => each.private)).toHaveLength(1);
  });
});
