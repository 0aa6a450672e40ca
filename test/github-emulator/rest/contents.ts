import { type ApiReply, apiUrl, notFound, ok, type RepositoryCall, type RepositoryRoutes, webUrl } from "../http.ts";
import { mediaType } from "../media.ts";
import type { Repository } from "../world/model.ts";
import { type Directory, directory, snapshot } from "../world/trees.ts";
import { wrapped } from "./git.ts";
import { resolveCommit } from "./refs.ts";

const missingDocs = "/repos/contents#get-repository-content";

/** Files and directories of a ref. */
export const contentRoutes: RepositoryRoutes = {
  "GET /contents": (call) => contents(call, ""),
  "GET /contents/:path+": (call) => contents(call, call.params.path ?? ""),
  "GET /readme": (call) => readme(call, ""),
  "GET /readme/:dir+": (call) => readme(call, `${call.params.dir}/`),
};

function filesOf({ repository, query }: RepositoryCall): { files: Map<string, Buffer>; ref: string } | null {
  const ref = query.get("ref") ?? repository.default_branch;
  const commit = resolveCommit(repository, ref);
  return commit ? { files: snapshot(repository, commit.sha), ref } : null;
}

function readme(call: RepositoryCall, directoryName: string): ApiReply {
  const found = filesOf(call);
  const path = [...(found?.files.keys() ?? [])].find(
    (each) => each.startsWith(directoryName) && /^readme(\.[a-z]+)?$/i.test(each.slice(directoryName.length)),
  );
  return path === undefined ? notFound("/repos/contents#get-a-repository-readme") : contents(call, path);
}

function contents(call: RepositoryCall, path: string): ApiReply {
  const found = filesOf(call);
  if (!found)
    return {
      ...notFound(missingDocs),
      body: {
        message: `No commit found for the ref ${call.query.get("ref")}`,
        documentation_url: "https://docs.github.com/v3/repos/contents/",
        status: "404",
      },
    };
  const clean = path.replace(/\/$/, "");
  const content = found.files.get(clean);
  if (content) return file(call, clean, content, found.ref);
  let at: Directory | undefined = directory(found.files);
  for (const part of clean.split("/").filter(Boolean)) at = at?.directories.get(part);
  if (!at) return notFound(missingDocs);
  const prefix = clean ? `${clean}/` : "";
  const entries = at.entries.map((each) =>
    entry(
      call.repository,
      `${prefix}${each.path}`,
      each.type === "tree" ? "dir" : "file",
      each.sha,
      each.size ?? 0,
      found.ref,
    ),
  );
  return call.media.format === "object"
    ? ok({ ...entry(call.repository, clean, "dir", at.sha, 0, found.ref), entries })
    : ok(entries);
}

function file(call: RepositoryCall, path: string, content: Buffer, ref: string): ApiReply {
  if (call.media.format === "raw") return { status: 200, body: content, type: mediaType("raw") };
  const parent = directory(new Map([[path, content]]));
  const sha = deepest(parent);
  const { _links, ...rest } = entry(call.repository, path, "file", sha, content.length, ref);
  return ok({ ...rest, content: wrapped(content), encoding: "base64", _links });
}

function deepest(at: Directory): string {
  const [inner] = at.directories.values();
  return inner ? deepest(inner) : (at.entries[0]?.sha ?? "");
}

function entry(repository: Repository, path: string, type: "file" | "dir", sha: string, size: number, ref: string) {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const url = `${apiUrl}/repos/${repository.full_name}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const html_url = `${webUrl}/${repository.full_name}/${type === "dir" ? "tree" : "blob"}/${ref}/${encoded}`;
  const git_url = `${apiUrl}/repos/${repository.full_name}/git/${type === "dir" ? "trees" : "blobs"}/${sha}`;
  const download_url =
    type === "dir" ? null : `https://raw.githubusercontent.com/${repository.full_name}/${ref}/${encoded}`;
  return {
    name: path.split("/").at(-1) ?? "",
    path,
    sha,
    size,
    url,
    html_url,
    git_url,
    download_url,
    type,
    _links: { self: url, git: git_url, html: html_url },
  };
}
