/** `GET /`: what this is, for people and for programs. */
import type { Context } from "hono";
import { discoveryPath, serviceName } from "../../shared/discovery.ts";
import type { AppEnv } from "./app-env.ts";

export function landingPage(c: Context<AppEnv>): Response {
  const accepts = c.req.header("accept") ?? "";
  if (accepts.includes("application/json")) {
    return c.json({ ok: true, service: serviceName, version: 1, discovery: discoveryPath });
  }
  return c.html(page(new URL(c.req.url).origin));
}

function page(origin: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Octopool</title>
<style>
body { font: 16px/1.6 system-ui, sans-serif; max-width: 38rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }
code, pre { font-family: ui-monospace, monospace } pre { padding: .8rem 1rem; border: 1px solid; border-radius: .4rem }
</style>
</head>
<body>
<h1>Octopool</h1>
<p>One GitHub read, shared by everyone on the team: this relay answers repeated reads of public repositories
from its cache and spends the pool's budget only on new ones.</p>
<pre>octopool login --server ${origin}</pre>
<p><a href="/dashboard">Dashboard</a> · <a href="${discoveryPath}">Discovery</a></p>
</body>
</html>
`;
}
