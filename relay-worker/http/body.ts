/** Request bodies: JSON of bounded size. */
import { OctopoolError } from "../../shared/errors.ts";

/**
 * @param maxBytes counted while reading: the header's length is not trusted
 * @throws OctopoolError unsupported_media_type, payload_too_large, invalid_json
 */
export async function readJsonBody(request: Request, maxBytes = 65_536): Promise<unknown> {
  const mediaType = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json") {
    throw new OctopoolError("unsupported_media_type", "The body must be application/json.");
  }
  const text = await readText(request, maxBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new OctopoolError("invalid_json", "The body is not JSON.");
  }
}

export async function readText(request: Request, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  await readPieces(request, maxBytes, (piece) => {
    text += decoder.decode(piece, { stream: true });
  });
  return text + decoder.decode();
}

/** @throws OctopoolError payload_too_large */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  const size = await readPieces(request, maxBytes, (piece) => pieces.push(piece));
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

async function readPieces(request: Request, maxBytes: number, take: (piece: Uint8Array) => void): Promise<number> {
  if (!request.body) return 0;
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return size;
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw new OctopoolError("payload_too_large", `The body is larger than ${maxBytes} bytes.`);
    }
    take(value);
  }
}
