import { apiUrl, notFound, ok, type Routes } from "../http.ts";
import { paged } from "../links.ts";
import { user } from "../render/accounts.ts";
import { shaOf } from "../world/ids.ts";
import type { Gist } from "../world/model.ts";

export const gistRoutes: Routes = {
  "GET /gists/public": (call) =>
    paged(
      call,
      call.world.gists.filter((each) => each.public),
      { path: "/gists/public", render: (each) => gistItem(each) },
    ),
  "GET /gists/:id": ({ world, params }) => {
    const found = world.gists.find((each) => each.id === params.id);
    return found ? ok(gistItem(found, true), found.updated_at) : notFound("/gists/gists#get-a-gist");
  },
};

/** A gist; the full view carries contents and history. */
export function gistItem(gist: Gist, full = false): object {
  const url = `${apiUrl}/gists/${gist.id}`;
  const version = shaOf("gist", gist.id, gist.updated_at);
  return {
    url,
    forks_url: `${url}/forks`,
    commits_url: `${url}/commits`,
    id: gist.id,
    node_id: gist.node_id,
    git_pull_url: `https://gist.github.com/${gist.id}.git`,
    git_push_url: `https://gist.github.com/${gist.id}.git`,
    html_url: `https://gist.github.com/${gist.owner.login}/${gist.id}`,
    files: Object.fromEntries(gist.files.map((file) => [file.name, gistFile(gist, version, file, full)])),
    public: gist.public,
    created_at: gist.created_at,
    updated_at: gist.updated_at,
    description: gist.description,
    comments: 0,
    user: null,
    comments_enabled: true,
    comments_url: `${url}/comments`,
    owner: user(gist.owner),
    ...(full
      ? {
          forks: [],
          history: [
            {
              user: user(gist.owner),
              version,
              committed_at: gist.created_at,
              change_status: {},
              url: `${url}/${version}`,
            },
          ],
        }
      : {}),
    truncated: false,
  };
}

function gistFile(gist: Gist, version: string, file: Gist["files"][number], full: boolean): object {
  return {
    filename: file.name,
    type: "text/plain",
    language: file.language,
    raw_url: `https://gist.githubusercontent.com/${gist.owner.login}/${gist.id}/raw/${version}/${encodeURIComponent(file.name)}`,
    size: Buffer.byteLength(file.content),
    ...(full ? { truncated: false, content: file.content, encoding: "utf-8" } : {}),
  };
}
