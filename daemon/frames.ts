/** Frames, as shared/protocol.ts describes them. */
import { type FrameType, frameHeaderBytes } from "../shared/protocol.ts";

/** The longest payload of one frame; longer output is several. */
const longestPayload = 0x7fff_ffff;

/** Head and payload as separate parts, so that a large payload is not copied. Empty output is no frame at all. */
export function encodeFrame(type: FrameType, content: string | Uint8Array): readonly Uint8Array[] {
  const payload = typeof content === "string" ? Buffer.from(content) : content;
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < payload.length; offset += longestPayload) {
    const part = payload.subarray(offset, offset + longestPayload);
    const head = Buffer.alloc(frameHeaderBytes);
    head[0] = type;
    head.writeUInt32BE(part.length, 1);
    parts.push(head, part);
  }
  return parts;
}
