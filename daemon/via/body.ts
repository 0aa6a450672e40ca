/** A body that is held up to a bound. */
import { PassThrough, type Readable } from "node:stream";

type Bounded =
  | { readonly whole: true; readonly bytes: Buffer }
  /** Larger than the bound: the part that was read, and the rest as a stream. */
  | { readonly whole: false; readonly stream: NodeJS.ReadableStream };

/** Reads to the end, or to the first byte past `most`. Rejects when the sender disconnects. */
export async function readBounded(source: Readable, most: number): Promise<Bounded> {
  const chunks: Buffer[] = [];
  let length = 0;
  const iterator = source[Symbol.asyncIterator]();
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    const chunk: Buffer = next.value;
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) return { whole: false, stream: rest(chunks, iterator) };
  }
  return { whole: true, bytes: Buffer.concat(chunks, length) };
}

function rest(begun: readonly Buffer[], iterator: AsyncIterator<Buffer>): NodeJS.ReadableStream {
  const stream = new PassThrough();
  const pump = async () => {
    for (const chunk of begun) await write(stream, chunk);
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) await write(stream, next.value);
    stream.end();
  };
  pump().catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
  return stream;
}

function write(stream: PassThrough, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => stream.write(chunk, (error) => (error ? reject(error) : resolve())));
}
