import { createHash } from "node:crypto";
import { blobSha } from "./ids.ts";
import type { Repository, Tree } from "./model.ts";

interface TreeEntry {
  path: string;
  mode: "100644" | "040000";
  type: "blob" | "tree";
  sha: string;
  size?: number;
}

/** A directory with the sha git would give it. */
export interface Directory {
  sha: string;
  entries: TreeEntry[];
  directories: Map<string, Directory>;
}

/** The files of a branch, of a tag or of the commit at its tip; any other commit shows the default branch's files. */
export function snapshot(repository: Repository, sha: string): Map<string, Buffer> {
  const overlay = [...repository.branches.values()].find((branch) => branch.sha === sha)?.files;
  return merged(repository.files, overlay ?? new Map());
}

export function merged(files: Tree, overlay: Tree): Map<string, Buffer> {
  const result = new Map<string, Buffer>();
  for (const [path, content] of new Map([...files, ...overlay])) if (content !== null) result.set(path, content);
  return result;
}

/** Builds the directories of a snapshot, with git's own object ids. */
export function directory(files: Map<string, Buffer>): Directory {
  const nested = new Map<string, Map<string, Buffer>>();
  const entries: TreeEntry[] = [];
  for (const [path, content] of files) {
    const slash = path.indexOf("/");
    if (slash === -1) {
      entries.push({ path, mode: "100644", type: "blob", sha: blobSha(content), size: content.length });
      continue;
    }
    const name = path.slice(0, slash);
    const inner = nested.get(name) ?? new Map<string, Buffer>();
    nested.set(name, inner.set(path.slice(slash + 1), content));
  }
  const directories = new Map<string, Directory>();
  for (const [name, inner] of nested) {
    const child = directory(inner);
    directories.set(name, child);
    entries.push({ path: name, mode: "040000", type: "tree", sha: child.sha });
  }
  entries.sort((a, b) => Buffer.compare(Buffer.from(sortKey(a)), Buffer.from(sortKey(b))));
  return { sha: treeSha(entries), entries, directories };
}

/** The tree's sha, remembered for each set of files. */
export function rootTree(files: Tree): string {
  const known = roots.get(files);
  if (known) return known;
  const { sha } = directory(merged(files, new Map()));
  roots.set(files, sha);
  return sha;
}

const roots = new WeakMap<Tree, string>();

/** Git sorts a directory as if its name ended in a slash. */
function sortKey(entry: TreeEntry): string {
  return entry.type === "tree" ? `${entry.path}/` : entry.path;
}

function treeSha(entries: TreeEntry[]): string {
  const parts = entries.map((entry) =>
    Buffer.concat([Buffer.from(`${entry.mode.replace(/^0/, "")} ${entry.path}\0`), Buffer.from(entry.sha, "hex")]),
  );
  const body = Buffer.concat(parts);
  return createHash("sha1").update(`tree ${body.length}\0`).update(body).digest("hex");
}
