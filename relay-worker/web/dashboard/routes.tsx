/** The operator's view as a page and as JSON, and its actions. */
import { type Context, Hono } from "hono";
import { dashboardPath } from "../../../shared/dashboard.ts";
import { settingsOf } from "../../env.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { signedOf } from "../account.tsx";
import { formField, readForm, requireForm } from "../forms.ts";
import { signInHref } from "../oauth.ts";
import { requireOperator, sessionOf } from "../operator.ts";
import { sendPage } from "../page.tsx";
import { type WebSession, webClient } from "../sessions.ts";
import { isSigned, sign } from "../signing.ts";
import { home } from "../state.ts";
import { actionOf, actionRoute } from "./actions.ts";
import { ConfirmPage } from "./confirm.tsx";
import { dashboard } from "./data.ts";
import { DashboardPage } from "./page.tsx";
import { type DashboardQuery, parseQuery } from "./query.ts";

export const dashboardRoutes = new Hono<AppEnv>();

const queryOf = (c: Context<AppEnv>): DashboardQuery => parseQuery(c.req.query(), settingsOf(c.env).defaultPool);

dashboardRoutes.get(dashboardPath, async (c) => {
  await requireOperator(c);
  return c.json(await dashboard(c.var.relay, queryOf(c)));
});

type Show = (c: Context<AppEnv>, session: WebSession) => Promise<Response>;

/** A page for operators; a browser that is not signed in is sent to GitHub, and back. */
const pageOf = (show: Show) => async (c: Context<AppEnv>) => {
  const held = await sessionOf(c);
  if (held) return show(c, await requireOperator(c, held));
  const { pathname, search } = new URL(c.req.url);
  return c.redirect(signInHref(pathname + search));
};

const showDashboard = pageOf(async (c, session) => {
  const query = queryOf(c);
  const data = await dashboard(c.var.relay, query);
  const props = {
    data,
    query,
    signed: await signedOf(session),
    done: await doneMessage(c, session),
    docs: settingsOf(c.env).docsUrl,
  };
  return sendPage(c, <DashboardPage {...props} />);
});

const askOnceMore = pageOf(async (c, session) => {
  const action = actionOf(c.req.param("action") ?? "");
  const { [formField]: _, ...input } = c.req.query();
  const confirmation = await action.confirm(c.var.relay, input, session);
  const props = { confirmation, input, signed: await signedOf(session) };
  return sendPage(c, <ConfirmPage {...props} action={new URL(c.req.url).pathname} />);
});

dashboardRoutes.get(home, showDashboard);
dashboardRoutes.get(actionRoute, askOnceMore);

dashboardRoutes.post(actionRoute, async (c) => {
  const session = await requireOperator(c);
  const action = actionOf(c.req.param("action"));
  const form = await readForm(c);
  await requireForm(c, session, form);
  form.delete(formField);
  const input = Object.fromEntries(form);
  const by = { callerId: session.callerId, clientName: webClient };
  const done = await action.run({ ...c.var.relay, by }, input);
  const at = String(c.var.relay.deps.clock());
  const query = new URLSearchParams({
    pool: input.pool ?? "",
    ...(input.since ? { since: input.since } : {}),
    done,
    at,
    seal: await sign(session.token, doneSeal, `${at} ${done}`),
  });
  return c.redirect(`${home}?${query}`, 303);
});

const doneSeal = "done";
/** A page that is kept open or reloaded later does not repeat a message that may be out of date. */
const doneMs = 60_000;

/** The message about the last action; one without our signature, or with an old one, is not shown. */
async function doneMessage(c: Context<AppEnv>, session: WebSession): Promise<string | undefined> {
  const { done, at = "", seal = "" } = c.req.query();
  if (!done || c.var.relay.deps.clock() - Number(at) > doneMs) return undefined;
  return (await isSigned(session.token, doneSeal, `${at} ${done}`, seal)) ? done : undefined;
}
