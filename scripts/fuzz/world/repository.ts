/** Random repositories of the emulated GitHub. */
import type { RepositoryFile, WorldFile } from "../../../test/github-emulator/index.ts";
import type { Choices } from "../random.ts";
import { run } from "./checks.ts";
import { bodies, Draw, viewer } from "./draw.ts";
import { pull } from "./pulls.ts";
import { issue } from "./threads.ts";

export const repositoryName = "tide/pool";

export const users: NonNullable<WorldFile["users"]> = [
  { login: viewer, name: "Alice Ångström" },
  { login: "bob", name: null },
  { login: "carol", name: "山田 花子" },
  { login: "gone", deleted: true },
  { login: "nameless", name: "" },
  { login: "Copilot", type: "Bot" },
];

export function randomRepository(random: Choices): RepositoryFile {
  const draw = new Draw(random);
  const labels = draw.subset(["bug", "good first issue", "é", "日本語", "colon: x", "UPPER", "comma,ed"], 5);
  const milestones = draw.subset(["v1", "Next up", "2"], 2);
  const pulls = draw.some(3, (index) => pull(draw, index, labels, milestones));
  const workflows = ["CI", ...draw.subset(["Deploy it", "日本"], 1)];
  return {
    name: repositoryName,
    private: random.chance(0.3),
    description: random.pick([null, "", "A pool of tides", " padded\ttext "]),
    homepage: random.pick([null, "", "https://tide.example"]),
    archived: random.chance(0.1),
    topics: draw.subset(["sea", "moon"], 2),
    languages: random.pick([{}, { TypeScript: 100, Shell: 3 }]),
    license: random.pick([null, "MIT"]),
    has_issues: random.chance(0.95),
    has_wiki: random.chance(0.5),
    collaborators: random.pick([{}, { [viewer]: "write" as const }, { [viewer]: "admin" as const }]),
    protection: draw.maybe(0.3, () => ({ required_approvals: random.below(2), required_checks: ["build"] })),
    labels: labels.map((name) => ({
      name,
      color: random.pick(["d73a4a", "000000", "ffffff"]),
      description: random.pick([null, "", "About\tit"]),
    })),
    milestones: milestones.map((title, index) => ({
      number: index + 1,
      title,
      state: random.pick(["open", "closed"] as const),
      due_on: random.pick([null, draw.at()]),
    })),
    files: random.pick([{}, { "README.md": "# Tide\n\ntext\n" }]),
    issues: draw.some(4, (index) => ({ number: index + 1, ...issue(draw, labels, milestones) })),
    pulls: pulls.map((pull, index) => ({ number: 101 + index, ...pull })),
    workflows: workflows.map((name) => ({
      name,
      state: random.pick(["active", "active", "disabled_manually"] as const),
    })),
    runs: draw.some(4, (index) => ({ id: 901 + index, ...run(draw, pulls, workflows) })),
    releases: draw.some(3, (index) => ({
      tag: `v${index}`,
      ...(random.chance(0.2) ? { draft: true } : { published_at: draw.at() }),
      name: random.pick([null, "", draw.title()]),
      body: random.pick(bodies),
      prerelease: random.chance(0.3),
      author: draw.author(),
      created_at: draw.at(),
      assets: draw.some(2, (at) => ({ name: `a${at}.zip`, size: random.below(2_000_000), label: null })),
    })),
  };
}
