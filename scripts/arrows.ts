/**
 * The rule for imports inside a part of the tree: its folders, and the loose files beside them, import each other one
 * way only. Files that everything may import import no folder. Types count: a folder that only names a type still
 * depends on the file that defines it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const roots: readonly string[] = ["cli", "daemon", "relay-worker", "shared", "scripts", "test"];

/**
 * Every folder, at any depth, with folders inside it: each is held to the rule for its own members.
 * @param root the tree's root
 */
export function partsIn(root: string): string[] {
  const foldersIn = (folder: string): string[] => {
    const inside = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    if (inside.length === 0) return [];
    return [folder, ...inside.flatMap(({ name }) => foldersIn(`${folder}/${name}`))];
  };
  return roots.filter((folder) => existsSync(join(root, folder))).flatMap(foldersIn);
}

/** Folders or files of one part that lead to each other, and the imports that do. */
interface Circle {
  readonly part: string;
  readonly members: readonly string[];
  readonly imports: readonly string[];
}

/** @param root the tree's root */
export function circlesIn(root: string, part: string): Circle[] {
  const arrows = new Map<string, Map<string, string>>();
  for (const file of sourceFiles(join(root, part))) {
    const from = slashed(relative(join(root, part), file));
    for (const to of importsOf(from, readFileSync(file, "utf8"))) {
      const [here, there] = [memberOf(from), memberOf(to)];
      if (here === there || there === "..") continue;
      const known = arrows.get(here) ?? new Map<string, string>();
      arrows.set(here, known.set(there, known.get(there) ?? `${part}/${from} imports ${part}/${to}`));
    }
  }
  const circles: Circle[] = [];
  const told = new Set<string>();
  for (const member of [...arrows.keys()].sort()) {
    if (told.has(member)) continue;
    const ahead = reachedFrom(arrows, member);
    const members = [...ahead].filter((each) => reachedFrom(arrows, each).has(member)).sort();
    if (!ahead.has(member)) continue;
    for (const each of members) told.add(each);
    const imports = members.flatMap((each) =>
      [...(arrows.get(each) ?? [])].filter(([there]) => members.includes(there)).map(([, text]) => text),
    );
    circles.push({ part, members, imports });
  }
  return circles;
}

/** The folder or loose file of the part that a path belongs to; `..` when it lies outside. */
function memberOf(path: string): string {
  return path.split("/")[0] ?? path;
}

function reachedFrom(arrows: ReadonlyMap<string, ReadonlyMap<string, string>>, start: string): Set<string> {
  const reached = new Set<string>();
  const open = [...(arrows.get(start)?.keys() ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(...(arrows.get(next)?.keys() ?? []));
  }
  return reached;
}

const importPattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.{1,2}\/[^"']+)["']/g;

function importsOf(file: string, source: string): string[] {
  return [...source.matchAll(importPattern)].map(([, specifier = ""]) =>
    posix.normalize(posix.join(posix.dirname(file), specifier)),
  );
}

function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = join(import.meta.dirname, "..");
  const circles = partsIn(root).flatMap((part) => circlesIn(root, part));
  for (const { part, members, imports } of circles) {
    console.error(`${part}: ${members.join(", ")} import each other. Move their shared code below them.`);
    for (const each of imports) console.error(`  ${each}`);
  }
  process.exitCode = circles.length > 0 ? 1 : 0;
}
