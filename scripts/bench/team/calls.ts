/** GitHub as the bench sees it: every request, the account that sent it, and whether it cost a rate limit. */
import { createHash } from "node:crypto";
import type { Incoming, Outgoing } from "../../../test/github-emulator/index.ts";
import type { Moment } from "./trace-types.ts";

export interface GitHubCall {
  readonly t: Moment;
  /** A login, `installation`, `app`, or `anonymous`. */
  readonly account: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
  readonly conditional: boolean;
  readonly paid: boolean;
  /** The pool's budget, not a member's own. */
  readonly pooled: boolean;
  /** Asks for a pull request's text at the web host, which has no budget. */
  readonly web: boolean;
}

type Handle = (incoming: Incoming) => Promise<Outgoing | null>;

/** Counts the answers of `handle`; writes, which every tool has to send, are not. */
export class CallLog {
  readonly calls: GitHubCall[] = [];
  readonly #now: () => Moment;

  constructor(now: () => Moment) {
    this.#now = now;
  }

  counting(handle: Handle): Handle {
    return async (incoming) => {
      const answer = await handle(incoming);
      const isRead = incoming.method === "GET" || /^\/(?:app\/|graphql$)/.test(incoming.url);
      if (isRead) this.#note(incoming, answer?.status ?? 0);
      return answer;
    };
  }

  #note({ url, headers }: Incoming, status: number): void {
    const { pathname: path, search: query } = new URL(url, "http://github.invalid");
    const account = accountOf(headers.authorization);
    const web = /\.(diff|patch)$/.test(path);
    const conditional = headers["if-none-match"] !== undefined;
    const pooled = ["installation", "pool-one", "pool-two", "anonymous"].includes(account);
    const paid = !web && account !== "app" && (status !== 304 || account === "anonymous");
    this.calls.push({ t: this.#now(), account, path, query, status, conditional, paid, pooled, web });
  }
}

function accountOf(authorization: string | undefined): string {
  const token = authorization?.replace(/^(token|bearer)\s+/i, "");
  if (!token) return "anonymous";
  if (token.startsWith("token-")) return token.slice("token-".length);
  return token.split(".").length === 3 ? "app" : "installation";
}

export function hashOf(body: Uint8Array): string {
  return createHash("sha1").update(body).digest("base64");
}
