/** Request bodies: JSON of bounded size. */
import { OctopoolError } from "../../shared/errors.ts";

/**
 * @param maxBytes counted while reading: a length that the header claims proves nothing
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
  if (!request.body) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw new OctopoolError("payload_too_large", `The body is larger than ${maxBytes} bytes.`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
