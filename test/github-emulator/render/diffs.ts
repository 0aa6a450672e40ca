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
  const lines = [`diff --git a/${before} b/${file.path}`];
  if (file.status === "added") lines.push("new file mode 100644", `index 00000000000..${next}`);
  else if (file.status === "removed") lines.push("deleted file mode 100644", `index ${old}..00000000000`);
  else {
    if (file.status === "renamed")
      lines.push("similarity index 90%", `rename from ${before}`, `rename to ${file.path}`);
    if (file.patch !== undefined || file.status !== "renamed") lines.push(`index ${old}..${next} 100644`);
  }
  if (file.patch === undefined) {
    if (file.status !== "renamed") lines.push(`Binary files a/${before} and b/${file.path} differ`);
  } else {
    lines.push(
      file.status === "added" ? "--- /dev/null" : `--- a/${before}`,
      file.status === "removed" ? "+++ /dev/null" : `+++ b/${file.path}`,
      file.patch,
    );
  }
  return `${lines.join("\n")}\n`;
}

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
