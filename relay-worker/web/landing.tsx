/** `GET /`: describes the relay, for people and for programs. */
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { discoveryPath, serviceName } from "../../shared/discovery.ts";
import { type Settings, settingsOf } from "../env.ts";
import type { AppEnv } from "../http/app-env.ts";
import { Guides } from "./guides.tsx";
import { Page, sendPage } from "./page.tsx";

export function landingPage(c: Context<AppEnv>): Response | Promise<Response> {
  const supports = ["text/html", "application/json"];
  if (accepts(c, { header: "Accept", supports, default: "text/html" }) === "application/json") {
    return c.json({ ok: true, service: serviceName, version: 1, discovery: discoveryPath });
  }
  const { origin } = new URL(c.req.url);
  return sendPage(c, <Landing origin={origin} settings={settingsOf(c.env)} />);
}

const guides = [
  ["index", "Quick start"],
  ["daily-use", "Daily use"],
  ["security", "Security"],
] as const;

function loginRule({ allowedOrg, allowedUsers }: Settings): string {
  const listed = allowedUsers.users.length > 0;
  if (allowedOrg === "" && !listed)
    return "Logging in is not possible yet: an operator sets ALLOWED_GITHUB_ORG or ALLOWED_GITHUB_USERS.";
  const people = [...(allowedOrg === "" ? [] : [`Members of ${allowedOrg}`]), ...(listed ? ["Listed accounts"] : [])];
  return `${people.join(" and ").replace(" Listed", " listed")} may log in. Your GitHub token proves your identity once, and is not kept.`;
}

function Landing({ origin, settings }: { readonly origin: string; readonly settings: Settings }) {
  const { oauthClientId, oauthClientSecret } = settings;
  const signIn = oauthClientId !== "" && oauthClientSecret !== undefined;
  return (
    <Page title="Relay">
      <h1>One read, shared by the whole team</h1>
      <p class="lead">
        This relay answers repeated reads of public GitHub repositories from its cache, and only new ones use the rate
        limit of its pool. Writes and private repositories never pass through here: they stay with your own{" "}
        <code>gh</code> and token.
      </p>
      <h2>Use it from your machine</h2>
      <pre>
        <code>{`npm install -g octopool\noctopool login ${origin}\noctopool install-shim\ngh pr list`}</code>
      </pre>
      <p>{loginRule(settings)}</p>
      <h2>Operators</h2>
      <p>
        {signIn ? (
          <a href="/dashboard">Dashboard</a>
        ) : (
          "The dashboard needs a GitHub OAuth app, which is not set up here."
        )}
      </p>
      <Guides site={settings.docsUrl} pages={guides} />
      <h2>Programs</h2>
      <ul>
        <li>
          <a href={discoveryPath}>
            <code>{discoveryPath}</code>
          </a>{" "}
          describes this host.
        </li>
        <li>
          This page with <code>Accept: application/json</code> answers <code>{'{"ok":true,…}'}</code> while the relay is
          up.
        </li>
      </ul>
    </Page>
  );
}
