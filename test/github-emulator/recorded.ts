import { readFileSync } from "node:fs";
import * as z from "zod";

const exchange = z.object({
  path: z.string(),
  query: z.array(z.tuple([z.string(), z.string()])).default([]),
  status: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown(),
});

/** An answer of the real GitHub. */
export interface Recorded {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** Made from another recording because this one is missing. */
  standIn: boolean;
}

/** Recorded exchanges by path and query; the order of query keys does not matter. */
export class Recordings {
  readonly #answers = new Map<string, Recorded>();
  /** Lower-case `/repos/owner/name` to how it was first written. */
  readonly #repositories = new Map<string, string>();

  /** @throws when the file cannot be read or a line is not a recorded exchange; the message names the line. */
  static load(file: string): Recordings {
    const recordings = new Recordings();
    const lines = readFileSync(file, "utf8").split("\n");
    for (const [index, line] of lines.entries()) {
      if (line.trim() === "") continue;
      try {
        recordings.add(exchange.parse(JSON.parse(line)));
      } catch (error) {
        throw new Error(`${file}:${index + 1} is not a recorded exchange`, { cause: error });
      }
    }
    recordings.#fillRepositories();
    return recordings;
  }

  add({ path, query, status, headers, body }: z.infer<typeof exchange>): void {
    const repository = /^\/repos\/[^/]+\/[^/]+/.exec(path)?.[0];
    if (repository && !this.#repositories.has(repository.toLowerCase()))
      this.#repositories.set(repository.toLowerCase(), repository);
    const text = body === undefined || body === null ? "" : typeof body === "string" ? body : JSON.stringify(body);
    this.#answers.set(key(path, new URLSearchParams(query)), {
      status,
      headers,
      body: Buffer.from(text),
      standIn: false,
    });
  }

  find(path: string, query: URLSearchParams): Recorded | undefined {
    return this.#answers.get(key(path, query));
  }

  get size(): number {
    return this.#answers.size;
  }

  /**
   * A repository that was recorded only inside other answers is served from there, since its readers first ask whether
   * it is public; one that was never recorded itself gets the least GitHub would say of a public repository.
   */
  #fillRepositories(): void {
    const nested = new Map<string, object>();
    for (const answer of this.#answers.values()) if (answer.status === 200) collect(parse(answer.body), nested);
    const names = new Set(
      [...this.#answers.keys()].flatMap((each) => /^\/repos\/[^/?]+\/[^/?]+/.exec(each)?.[0] ?? []),
    );
    for (const path of names) {
      if (this.#answers.has(key(path, new URLSearchParams()))) continue;
      const full_name = path.slice("/repos/".length);
      const [login = "", name = ""] = full_name.split("/");
      const least = { name, full_name, private: false, owner: { login }, html_url: `https://github.com/${full_name}` };
      const body = Buffer.from(JSON.stringify(nested.get(full_name.toLowerCase()) ?? least));
      const headers = { "content-type": "application/json; charset=utf-8" };
      this.#answers.set(key(path, new URLSearchParams()), { status: 200, headers, body, standIn: true });
    }
  }
}

function key(path: string, query: URLSearchParams): string {
  const pairs = [...query].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).sort();
  const repository = /^(\/repos\/[^/]+\/[^/]+)(.*)$/.exec(path);
  const folded = (repository ? `${repository[1]?.toLowerCase()}${repository[2]}` : path).replace(/\/$/, "");
  return `${decode(folded)}?${pairs.join("&")}`;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

function collect(value: unknown, found: Map<string, object>): void {
  if (typeof value !== "object" || value === null) return;
  if ("full_name" in value && "private" in value && value.private === false && typeof value.full_name === "string") {
    if (!found.has(value.full_name.toLowerCase())) found.set(value.full_name.toLowerCase(), value);
  }
  for (const inner of Object.values(value)) collect(inner, found);
}
