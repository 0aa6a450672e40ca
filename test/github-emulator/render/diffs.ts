import { shaOf } from "../world/ids.ts";
import type { ChangedFile, Commit } from "../world/model.ts";
import { stats } from "./commits.ts";

/** A unified diff with git's own headers. */
export function diffOf(files: ChangedFile[]): string {
  return files.map(fileDiff).join("");
}

function fileDiff(file: ChangedFile): string {
  const before = file.previous_path ?? file.path;
  const [old, next] = [shaOf("before", file.sha).slice(0, 10), file.sha.slice(0, 10)];
  const [oldName, newName] = [quoted(`a/${before}`), quoted(`b/${file.path}`)];
  const lines = [`diff --git ${oldName} ${newName}`];
  if (file.status === "added") lines.push("new file mode 100644", `index 00000000000..${next}`);
  else if (file.status === "removed") lines.push("deleted file mode 100644", `index ${old}..00000000000`);
  else {
    if (file.status === "renamed")
      lines.push("similarity index 90%", `rename from ${quoted(before)}`, `rename to ${quoted(file.path)}`);
    if (file.patch !== undefined || file.status !== "renamed") lines.push(`index ${old}..${next} 100644`);
  }
  if (file.patch === undefined) {
    if (file.status !== "renamed") lines.push(`Binary files ${oldName} and ${newName} differ`);
  } else {
    lines.push(
      file.status === "added" ? "--- /dev/null" : `--- ${oldName}`,
      file.status === "removed" ? "+++ /dev/null" : `+++ ${newName}`,
      file.patch,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** A name as git writes it: quoted as in C where it holds more than plain ASCII (core.quotePath). */
function quoted(name: string): string {
  if (/^[ !#-[\]-~]*$/.test(name)) return name;
  const bytes = [...Buffer.from(name)].map((byte) => {
    const character = String.fromCharCode(byte);
    const letter = shortEscapes.get(character);
    if (letter !== undefined) return `\\${letter}`;
    return byte >= 0x20 && byte < 0x7f ? character : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${bytes.join("")}"`;
}

const shortEscapes = new Map([...'abtnvfr"\\'].map((letter, index) => ['\x07\b\t\n\v\f\r"\\'[index] ?? "", letter]));

/** One mail a commit, as `git format-patch` writes it; files stand with the last commit when no commit names its own. */
export function patchOf(commits: Commit[], files: ChangedFile[]): string {
  const named = commits.some((commit) => commit.files.length > 0);
  return commits
    .map((commit, index) => {
      const own = named ? commit.files : index === commits.length - 1 ? files : [];
      const mark = commits.length > 1 ? `[PATCH ${index + 1}/${commits.length}]` : "[PATCH]";
      const [subject = "", ...body] = commit.message.split("\n");
      return [
        `From ${commit.sha} Mon Sep 17 00:00:00 2001`,
        `From: ${commit.author.name} <${commit.author.email}>`,
        `Date: ${mailDate(commit.author.date)}`,
        `Subject: ${mark} ${subject}`,
        ...body,
        "",
        "---",
        summary(own),
        "",
        diffOf(own),
      ].join("\n");
    })
    .join("\n");
}

function mailDate(date: string): string {
  return new Date(date).toUTCString().replace("GMT", "+0000");
}

function summary(files: ChangedFile[]): string {
  const { additions, deletions } = stats(files);
  const rows = files.map(
    (file) =>
      ` ${file.path} | ${file.additions + file.deletions} ${"+".repeat(Math.min(file.additions, 30))}${"-".repeat(Math.min(file.deletions, 30))}`,
  );
  const count = `${files.length} file${files.length === 1 ? "" : "s"} changed`;
  return [...rows, ` ${count}, ${additions} insertions(+), ${deletions} deletions(-)`].join("\n");
}
