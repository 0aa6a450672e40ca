import { createHash } from "node:crypto";
import type { IdSource } from "./model.ts";

const epochSeconds = Date.UTC(2010, 0, 1) / 1000;
/** Room for this many things of one kind in one second before they borrow from the next. */
const slotsPerSecond = 16;

/** Ids that follow from content alone: the same world file gives the same ids in every process. */
export function createIds(): IdSource {
  const taken = new Map<string, Set<number>>();
  const free = (kind: string, first: number): number => {
    const used = taken.get(kind) ?? new Set();
    taken.set(kind, used);
    let id = first;
    while (used.has(id)) id += 1;
    used.add(id);
    return id;
  };
  return {
    named: (kind, key) => free(kind, 1_000_000 + (hash(`${kind}:${key}`).readUInt32BE() % 900_000_000)),
    timed: (kind, at) => free(kind, Math.max(1, Date.parse(at) / 1000 - epochSeconds) * slotsPerSecond),
    take: (kind, id) => {
      const used = taken.get(kind) ?? new Set();
      taken.set(kind, used.add(id));
      return id;
    },
  };
}

/** 40 hex digits that follow from the parts. */
export function shaOf(...parts: (string | number)[]): string {
  return hash(parts.join("\0")).toString("hex");
}

/** The sha git gives these bytes. */
export function blobSha(content: Buffer): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

function hash(text: string): Buffer {
  return createHash("sha1").update(text).digest();
}

/**
 * A global id in GitHub's format of today: a type prefix and, in base64url, a MessagePack array of zero and the
 * database ids (`R_kgDONaGPHw` is `[0, 899780383]`).
 */
export function nodeId(prefix: string, ...parts: (number | string)[]): string {
  const packed = Buffer.concat([Buffer.from([0x90 + parts.length + 1, 0]), ...parts.map(pack)]);
  return `${prefix}_${packed.toString("base64url")}`;
}

function pack(part: number | string): Buffer {
  if (typeof part === "string") {
    const text = Buffer.from(part);
    return Buffer.concat([
      text.length < 32 ? Buffer.from([0xa0 + text.length]) : Buffer.from([0xda, text.length >> 8, text.length & 255]),
      text,
    ]);
  }
  if (part > 0xffff_ffff) {
    const wide = Buffer.alloc(9, 0xcf);
    wide.writeBigUInt64BE(BigInt(part), 1);
    return wide;
  }
  const word = Buffer.alloc(5, 0xce);
  word.writeUInt32BE(part, 1);
  return word;
}
