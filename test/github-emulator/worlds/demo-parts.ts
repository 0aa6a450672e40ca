import type { IssueFile, PullFile } from "../world/schema.ts";
import { areas, at, people, pick } from "./demo-choices.ts";
import { sentences } from "./demo-texts.ts";

type Files = NonNullable<PullFile["files"]>;
type Comment = NonNullable<IssueFile["comments"]>[number];

export function comments(count: number, from: number): Comment[] {
  return Array.from({ length: count }, (_, index) => ({
    author: pick(people),
    body: pick(sentences),
    created_at: at(from + 2 + index * 3),
    ...(index % 3 === 0 ? { reactions: { "+1": [pick(people)] } } : {}),
  }));
}

function patch(path: string, lines: number): string {
  const body = Array.from(
    { length: lines },
    (_, index) => `-  const step${index} = ${index};\n+  const step${index} = ${index + 1}; // ${path}`,
  );
  return `@@ -10,${lines} +10,${lines} @@ export function main() {\n   const lamp = find();\n${body.join("\n")}\n   return lamp;`;
}

export function files(count: number): Files {
  return Array.from({ length: count }, (_, index) => {
    const path = `${areas[index % areas.length]}/part-${index}.ts`;
    if (index % 11 === 7)
      return {
        path,
        status: "added" as const,
        patch: `@@ -0,0 +1,2 @@\n+export const part = ${index};\n+export default part;`,
      };
    if (index % 13 === 5)
      return { path, status: "renamed" as const, previous_path: `${path.slice(0, -3)}.js`, patch: patch(path, 1) };
    return { path, patch: patch(path, 1 + (index % 3)) };
  });
}
