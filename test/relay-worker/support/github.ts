/** A GitHub of a few lines, inside the test: routes are functions, every call is written down. */
import { classify, shapes } from "../../../shared/routes/index.ts";

export interface StubbedCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** `Bearer …`'s token, or null for a read without a credential. */
  readonly token: string | null;
  readonly body: string;
}

/** Undefined leaves the answer to GitHub's 404. */
type Fallback = (call: StubbedCall) => Response | undefined;
type Handler = (call: StubbedCall) => Response | Promise<Response>;

/** JSON as GitHub sends it, with a budget that is far from its end. */
export function json(body: unknown, init: { status?: number; headers?: Record<string, string> } = {}): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status: init.status ?? 200,
    headers: { "content-type": "application/json; charset=utf-8", ...budget(), ...init.headers },
  });
}

export function budget(remaining = 4999, reset = 4_000_000_000): Record<string, string> {
  const told = { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": String(remaining) };
  return { ...told, "x-ratelimit-reset": String(Math.min(reset, Math.floor(Date.now() / 1000) + 3600)) };
}

export const notFound = (): Response => json({ message: "Not Found" }, { status: 404 });

/** The answer of `GET /repos/:o/:r` for a public repository. */
export const publicRepo = (fullName: string): Response =>
  json({ id: 1, full_name: fullName, html_url: `https://github.com/${fullName}`, private: false });

/** The least that GitHub could answer at this path. */
export function sampleAt(path: string): Response {
  const kind = classify(path)?.route.kind;
  const shape = kind && shapes[kind];
  if (!shape) return notFound();
  if (shape.is === "text") return new Response("");
  if (shape.is === "page") return json({ total_count: 0, [shape.list]: [] });
  if (shape.is === "items" || shape.is === "list") return json([]);
  return json(Object.fromEntries(shape.members.map((member) => [member, 1])));
}

export class FakeGitHub {
  readonly calls: StubbedCall[] = [];
  readonly #routes = new Map<string, Handler>();
  #otherwise: Fallback = () => undefined;

  /** `path` without a query, on any host. */
  on(path: string, handler: Handler): this {
    this.#routes.set(path, handler);
    return this;
  }

  /** For every path that no route names. */
  otherwise(fallback: Fallback): this {
    this.#otherwise = fallback;
    return this;
  }

  /** The repository is public. */
  public(fullName: string): this {
    return this.on(`/repos/${fullName}`, () => publicRepo(fullName));
  }

  /** How often that path was asked for. */
  count(path: string): number {
    return this.calls.filter(({ url }) => url.pathname === path).length;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const authorization = request.headers.get("authorization");
    const token = authorization?.replace(/^(Bearer|token) /i, "") ?? null;
    const call = {
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
      token,
      // Not text(): workerd warns of forms that are read as text.
      body: new TextDecoder().decode(await request.arrayBuffer()),
    };
    this.calls.push(call);
    return (await this.#routes.get(call.url.pathname)?.(call)) ?? this.#otherwise(call) ?? notFound();
  };
}
