/** Shows the signed-in account at the top of a page, with the button to sign out. */
import { formField, formToken } from "./forms.ts";
import type { WebSession } from "./sessions.ts";

/** The facts about its session that a page needs. */
export interface Signed {
  readonly login: string;
  readonly formToken: string;
}

export async function signedOf(session: WebSession): Promise<Signed> {
  return { login: session.githubLogin, formToken: await formToken(session) };
}

export function Account({ login, formToken }: Signed) {
  return (
    <form class="account" method="post" action="/logout">
      <input type="hidden" name={formField} value={formToken} />
      <span>{login}</span>
      <button type="submit">Sign out</button>
    </form>
  );
}
