import { apiUrl, notFound, ok, type Routes } from "../http.ts";
import { paged } from "../links.ts";
import { licenses } from "../world/licenses.ts";

const emojis = ["+1", "-1", "eyes", "heart", "hooray", "laugh", "octocat", "rocket", "tada", "thinking"];

const templates: Record<string, string> = {
  C: "# Prerequisites\n*.d\n\n# Object files\n*.o\n",
  "C++": "# Compiled Object files\n*.slo\n*.o\n",
  Go: "# Binaries for programs and plugins\n*.exe\n*.test\n*.out\n",
  Node: "# Logs\nlogs\n*.log\n\nnode_modules/\n",
  Python: "# Byte-compiled / optimized / DLL files\n__pycache__/\n*.py[cod]\n",
  Rust: "debug/\ntarget/\n**/*.rs.bk\n",
};

/** Routes that belong to no account and no repository. */
export const metaRoutes: Routes = {
  "GET /": () =>
    ok({
      current_user_url: `${apiUrl}/user`,
      rate_limit_url: `${apiUrl}/rate_limit`,
      repository_url: `${apiUrl}/repos/{owner}/{repo}`,
      user_url: `${apiUrl}/users/{user}`,
    }),
  "GET /emojis": () =>
    ok(
      Object.fromEntries(
        emojis.map((name) => [
          name,
          `https://github.githubassets.com/images/icons/emoji/${encodeURIComponent(name)}.png?v8`,
        ]),
      ),
    ),
  "GET /meta": () =>
    ok({
      verifiable_password_authentication: false,
      hooks: ["192.30.252.0/22", "185.199.108.0/22"],
      web: ["192.30.252.0/22", "185.199.108.0/22"],
      api: ["192.30.252.0/22", "185.199.108.0/22"],
      git: ["192.30.252.0/22", "185.199.108.0/22"],
    }),
  "GET /licenses": (call) =>
    paged(call, licenses, {
      path: "/licenses",
      render: ({ key, name, spdx_id, node_id }) => ({ key, name, spdx_id, url: `${apiUrl}/licenses/${key}`, node_id }),
    }),
  "GET /licenses/:key": ({ params }) => {
    const found = licenses.find((each) => each.key === params.key?.toLowerCase());
    if (!found) return notFound("/licenses/licenses#get-a-license");
    const { key, name, spdx_id, node_id } = found;
    return ok({
      key,
      name,
      spdx_id,
      url: `${apiUrl}/licenses/${key}`,
      node_id,
      html_url: `http://choosealicense.com/licenses/${key}/`,
      description: `The ${name}.`,
      implementation:
        "Create a text file (typically named LICENSE or LICENSE.txt) in the root of your source code and copy the text of the license into the file.",
      permissions: ["commercial-use", "modifications", "distribution", "private-use"],
      conditions: ["include-copyright"],
      limitations: ["liability", "warranty"],
      body: `${name}\n\nCopyright (c) [year] [fullname]\n`,
      featured: ["mit", "apache-2.0", "gpl-3.0"].includes(key),
    });
  },
  "GET /gitignore/templates": () => ok(Object.keys(templates)),
  "GET /gitignore/templates/:name": ({ params, media }) => {
    const name = Object.keys(templates).find((each) => each.toLowerCase() === params.name?.toLowerCase());
    if (!name) return notFound("/gitignore/gitignore#get-a-gitignore-template");
    const source = templates[name] ?? "";
    return media.format === "raw"
      ? { status: 200, body: source, type: "application/vnd.github.v3.raw; charset=utf-8" }
      : ok({ name, source });
  },
  "GET /zen": () => ({ status: 200, body: "Keep it logically awesome.", type: "text/plain;charset=utf-8" }),
};
