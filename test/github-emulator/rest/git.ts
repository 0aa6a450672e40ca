import { type ApiReply, apiUrl, notFound, ok, type RepositoryCall, type RepositoryRoutes, webUrl } from "../http.ts";
import { mediaType } from "../media.ts";
import { commitItem, gitCommit, signature } from "../render/commits.ts";
import { blobSha, nodeId } from "../world/ids.ts";
import type { Branch, Repository, Tag } from "../world/model.ts";
import { type Directory, directory, merged, snapshot } from "../world/trees.ts";
import { repositoryPage, sorted } from "./common.ts";

/** Branches, tags and the git database. */
export const gitRoutes: RepositoryRoutes = {
  "GET /branches": (call) => {
    const guarded = call.query.get("protected");
    const items = [...call.repository.branches.values()].filter(
      (each) => guarded === null || String(each.protected) === guarded,
    );
    return repositoryPage(
      call,
      sorted(items, (each) => each.name, "asc", "asc"),
      (each) => branchItem(call.repository, each),
    );
  },
  "GET /branches/:branch+/protection": (call) => {
    const branch = call.repository.branches.get(call.params.branch ?? "");
    return branch?.protected
      ? ok({ url: `${apiUrl}/repos/${call.repository.full_name}/branches/${branch.name}/protection` })
      : {
          status: 404,
          body: {
            message: "Branch not protected",
            documentation_url: "https://docs.github.com/rest/branches/branch-protection#get-branch-protection",
            status: "404",
          },
        };
  },
  "GET /branches/:branch+": branchView,
  "GET /rules/branches/:branch+": () => ok([]),
  "GET /rulesets": () => ok([]),
  "GET /tags": (call) =>
    repositoryPage(call, [...call.repository.tags.values()].sort(newestVersionFirst), ({ name, sha }) => {
      const url = `${apiUrl}/repos/${call.repository.full_name}`;
      return {
        name,
        zipball_url: `${url}/zipball/refs/tags/${name}`,
        tarball_url: `${url}/tarball/refs/tags/${name}`,
        commit: { sha, url: `${url}/commits/${sha}` },
        node_id: nodeId("REF", call.repository.id, `refs/tags/${name}`),
      };
    }),
  "GET /git/ref/:ref+": ({ repository, params }) => {
    const found = refs(repository).find((each) => each.ref === `refs/${params.ref}`);
    return found ? ok(reference(repository, found)) : notFound("/git/refs#get-a-reference");
  },
  "GET /git/matching-refs/:ref+": matching,
  "GET /git/refs": matching,
  "GET /git/refs/:ref+": matching,
  "GET /git/commits/:sha": ({ repository, params }) => {
    const found = repository.commits.get(params.sha ?? "");
    return found
      ? ok(gitCommit(repository, found), found.committer.date)
      : notFound("/git/commits#get-a-commit-object");
  },
  "GET /git/tags/:sha": ({ repository, params }) => {
    const found = [...repository.tags.values()].find((each) => each.annotation?.sha === params.sha);
    return found ? ok(tagObject(repository, found)) : notFound("/git/tags#get-a-tag");
  },
  "GET /git/trees/:sha+": tree,
  "GET /git/blobs/:sha": blob,
};

interface Reference {
  ref: string;
  sha: string;
  type: "commit" | "tag";
}

export function refs(repository: Repository): Reference[] {
  const heads = [...repository.branches.values()].map(
    ({ name, sha }): Reference => ({ ref: `refs/heads/${name}`, sha, type: "commit" }),
  );
  const tags = [...repository.tags.values()].map(
    ({ name, sha, annotation }): Reference => ({
      ref: `refs/tags/${name}`,
      sha: annotation?.sha ?? sha,
      type: annotation ? "tag" : "commit",
    }),
  );
  const pulls = [...repository.threads.values()].flatMap((each): Reference[] =>
    each.kind === "pull" ? [{ ref: `refs/pull/${each.number}/head`, sha: each.head.sha, type: "commit" }] : [],
  );
  return [...heads, ...tags, ...pulls];
}

export function reference(repository: Repository, { ref, sha, type }: Reference): object {
  const url = `${apiUrl}/repos/${repository.full_name}/git`;
  return {
    ref,
    node_id: nodeId("REF", repository.id, ref),
    url: `${url}/${ref}`,
    object: { sha, type, url: `${url}/${type === "tag" ? "tags" : "commits"}/${sha}` },
  };
}

function matching(call: RepositoryCall): ApiReply {
  const found = refs(call.repository).filter((each) => each.ref.startsWith(`refs/${call.params.ref ?? ""}`));
  return repositoryPage(
    call,
    sorted(found, (each) => each.ref, "asc", "asc"),
    (each) => reference(call.repository, each),
  );
}

function branchItem(repository: Repository, branch: Branch): object {
  const url = `${apiUrl}/repos/${repository.full_name}`;
  return {
    name: branch.name,
    commit: { sha: branch.sha, url: `${url}/commits/${branch.sha}` },
    protected: branch.protected,
    ...protection(repository, branch),
  };
}

function protection(repository: Repository, branch: Branch): object {
  const contexts = branch.required_checks;
  return {
    protection: {
      enabled: branch.protected,
      required_status_checks: {
        enforcement_level: contexts.length > 0 ? "non_admins" : "off",
        contexts,
        checks: contexts.map((context) => ({ context, app_id: null })),
      },
    },
    protection_url: `${apiUrl}/repos/${repository.full_name}/branches/${branch.name}/protection`,
  };
}

function branchView({ repository, params }: RepositoryCall): ApiReply {
  const branch = repository.branches.get(params.branch ?? "");
  const commit = branch && repository.commits.get(branch.sha);
  if (!branch || !commit)
    return {
      status: 404,
      body: {
        message: "Branch not found",
        documentation_url: "https://docs.github.com/rest/branches/branches#get-a-branch",
        status: "404",
      },
    };
  return ok({
    name: branch.name,
    commit: commitItem(repository, commit),
    _links: {
      self: `${apiUrl}/repos/${repository.full_name}/branches/${branch.name}`,
      html: `${webUrl}/${repository.full_name}/tree/${branch.name}`,
    },
    protected: branch.protected,
    ...protection(repository, branch),
  });
}

function newestVersionFirst(a: Tag, b: Tag): number {
  return b.name.localeCompare(a.name, "en", { numeric: true });
}

function tagObject(repository: Repository, { name, sha, annotation }: Tag): object {
  const url = `${apiUrl}/repos/${repository.full_name}/git`;
  return {
    node_id: nodeId("TA", repository.id, annotation?.sha ?? sha),
    sha: annotation?.sha,
    url: `${url}/tags/${annotation?.sha}`,
    tagger: annotation ? signature(annotation.tagger) : null,
    object: { sha, type: "commit", url: `${url}/commits/${sha}` },
    tag: name,
    message: annotation?.message,
    verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
  };
}

/** The file sets that can be asked for: the default branch's and each branch's own. */
function snapshots(repository: Repository): Map<string, Buffer>[] {
  return [
    merged(repository.files, new Map()),
    ...[...repository.branches.values()].map((branch) => merged(repository.files, branch.files)),
  ];
}

function findDirectory(root: Directory, sha: string): Directory | undefined {
  if (root.sha === sha) return root;
  for (const inner of root.directories.values()) {
    const found = findDirectory(inner, sha);
    if (found) return found;
  }
  return undefined;
}

function tree({ repository, params, query }: RepositoryCall): ApiReply {
  const asked = params.sha ?? "";
  const commit = repository.commits.get(asked) ?? repository.commits.get(repository.branches.get(asked)?.sha ?? "");
  const root = commit ? directory(snapshot(repository, commit.sha)) : undefined;
  const found =
    root ??
    snapshots(repository)
      .map((files) => findDirectory(directory(files), asked))
      .find(Boolean);
  if (!found) return notFound("/git/trees#get-a-tree");
  const url = `${apiUrl}/repos/${repository.full_name}/git`;
  const entries = query.has("recursive") ? flatten(found, "") : found.entries;
  return ok({
    sha: found.sha,
    url: `${url}/trees/${found.sha}`,
    tree: entries.map((each) => ({
      path: each.path,
      mode: each.mode,
      type: each.type,
      sha: each.sha,
      ...(each.size === undefined ? {} : { size: each.size }),
      url: `${url}/${each.type}s/${each.sha}`,
    })),
    truncated: false,
  });
}

function flatten(root: Directory, prefix: string): Directory["entries"] {
  return root.entries.flatMap((entry) => {
    const inner = root.directories.get(entry.path);
    const own = { ...entry, path: prefix + entry.path };
    return inner ? [own, ...flatten(inner, `${prefix}${entry.path}/`)] : [own];
  });
}

function blob({ repository, params, media }: RepositoryCall): ApiReply {
  for (const files of snapshots(repository)) {
    for (const content of files.values()) {
      if (blobSha(content) !== params.sha) continue;
      if (media.format === "raw") return { status: 200, body: content, type: mediaType("raw") };
      return ok({
        sha: params.sha,
        node_id: nodeId("B", repository.id, params.sha),
        size: content.length,
        url: `${apiUrl}/repos/${repository.full_name}/git/blobs/${params.sha}`,
        content: wrapped(content),
        encoding: "base64",
      });
    }
  }
  return notFound("/git/blobs#get-a-blob");
}

/** Base64 in lines of sixty, as GitHub sends contents. */
export function wrapped(content: Buffer): string {
  return content
    .toString("base64")
    .replace(/.{60}(?=.)/g, "$&\n")
    .concat(content.length > 0 ? "\n" : "");
}
