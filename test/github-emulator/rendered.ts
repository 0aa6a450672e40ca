import { type EtagScheme, etagOf } from "./etags.ts";
import type { ApiCall, ApiReply } from "./http.ts";
import { mediaHeader } from "./media.ts";
import { finish } from "./wire.ts";

/** An answer without the headers that change from call to call: budgets and request ids. */
interface Rendered {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  etag: string | undefined;
  modified: string | undefined;
}

const mostKept = 5000;

/** Answers rendered since the world last changed: asking the same twice costs next to nothing. */
export class RenderedAnswers {
  readonly #kept = new Map<string, Rendered>();
  readonly #etags: EtagScheme;

  constructor(etags: EtagScheme) {
    this.#etags = etags;
  }

  clear(): void {
    this.#kept.clear();
  }

  /** An answer that is not kept. */
  once(call: ApiCall, run: () => ApiReply): Rendered {
    return render(call, run(), true, this.#etags);
  }

  answer(call: ApiCall, run: () => ApiReply): Rendered {
    const { accept, authorization } = call.headers;
    const reads = call.method === "GET" || call.method === "HEAD";
    if (!reads) return render(call, run(), reads, this.#etags);
    const key = `${call.viewer.key}\n${authorization}\n${accept}\n${call.path}?${call.query}`;
    const known = this.#kept.get(key);
    if (known) return known;
    const rendered = render(call, run(), reads, this.#etags);
    if (this.#kept.size >= mostKept) this.clear();
    if (rendered.etag) this.#kept.set(key, rendered);
    return rendered;
  }
}

/** Bytes, validator and headers of a reply. */
function render(call: ApiCall, reply: ApiReply, reads: boolean, rule: EtagScheme): Rendered {
  const { status, headers, body } = finish(reply);
  headers["x-github-media-type"] = mediaHeader(call.media);
  const valid = reads && status === 200 && !reply.volatile;
  const { accept, authorization } = call.headers;
  const etag = valid ? etagOf(rule, { body, accept, authorization, viewerKey: call.viewer.key }) : undefined;
  const modified = valid ? reply.modified : undefined;
  if (etag) headers.etag = etag;
  if (modified) headers["last-modified"] = new Date(modified).toUTCString();
  if (status === 200 && reads)
    headers["cache-control"] = `${call.viewer.kind === "anonymous" ? "public" : "private"}, max-age=60, s-maxage=60`;
  return { status, headers, body, etag, modified };
}
