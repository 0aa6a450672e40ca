/** The operator's view as a page and as JSON, and what can be done from it. */
import { type Context, Hono } from "hono";
import { dashboardPath } from "../../../shared/dashboard.ts";
import type { OperatorAction } from "../../admin/audit.ts";
import { settingsOf } from "../../env.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { audit } from "../../stats/audit.ts";
import { auditRow } from "../../stats/audit-row.ts";
import { formField, formToken, readForm, requireForm } from "../forms.ts";
import { loginPagePath } from "../oauth.ts";
import { requireOperator, sessionOf } from "../operator.ts";
import { sendPage } from "../page.tsx";
import type { WebSession } from "../sessions.ts";
import { isSigned, sign } from "../signing.ts";
import { home } from "../state.ts";
import { actionOf, actionRoute, type Done } from "./actions.ts";
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

dashboardRoutes.get(home, async (c) => {
  if (!(await sessionOf(c))) {
    const { pathname, search } = new URL(c.req.url);
    return c.redirect(`${loginPagePath}?next=${encodeURIComponent(pathname + search)}`);
  }
  const session = await requireOperator(c);
  const query = queryOf(c);
  const data = await dashboard(c.var.relay, query);
  const props = { data, query, session, formToken: await formToken(session), done: await doneMessage(c, session) };
  return sendPage(c, <DashboardPage {...props} />);
});

dashboardRoutes.get(actionRoute, async (c) => {
  const session = await requireOperator(c);
  const action = actionOf(c.req.param("action"));
  const input = c.req.query();
  const confirmation = await action.confirm(c.var.relay, input);
  const props = { confirmation, input, session, formToken: await formToken(session) };
  return sendPage(c, <ConfirmPage {...props} action={new URL(c.req.url).pathname} />);
});

dashboardRoutes.post(actionRoute, async (c) => {
  const session = await requireOperator(c);
  const action = actionOf(c.req.param("action"));
  const form = await readForm(c);
  await requireForm(c, session, form);
  form.delete(formField);
  const input = Object.fromEntries(form);
  const done = await action.run(c.var.relay, input);
  noteChange(c, session, action.audit, done);
  const message = { done: done.message, seal: await sign(session.token, "done", done.message) };
  return c.redirect(`${home}?${new URLSearchParams({ pool: done.pool ?? input.pool ?? "", ...message })}`, 303);
});

function noteChange(c: Context<AppEnv>, session: WebSession, action: OperatorAction, { pool, target }: Done): void {
  const { deps, env, requestId, background } = c.var.relay;
  const row = auditRow(deps.clock(), action, requestId);
  audit(deps, env, background, { ...row, pool, target, callerId: session.callerId, clientName: "dashboard" });
}

/** What was just done, told once more on the dashboard; a message that we did not seal is not shown. */
async function doneMessage(c: Context<AppEnv>, session: WebSession): Promise<string | undefined> {
  const { done, seal } = c.req.query();
  return done && seal && (await isSigned(session.token, "done", done, seal)) ? done : undefined;
}
