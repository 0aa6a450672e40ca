/** Whether Go's net/http takes a body for text (`DetectContentType`), by its first bytes. */

/** As many bytes as Go looks at. */
const looked = 512;

/** Control characters that no text has, as Go sees it. */
const binary = /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/;

const byteOrderMark = /^(?:\xef\xbb\xbf|\xfe\xff|\xff\xfe)/;

/**
 * Beginnings of pictures, archives, fonts and documents, and of markup, which Go identifies by more than these bytes.
 */
const known =
  /^(?:[\t\n\f\r ]*<|%PDF-|%!PS-Adobe-|GIF8|\x89PNG|\xff\xd8\xff|BM|RIFF|FORM|\.snd|MThd|ID3|OggS|OTTO|ttcf|wOF|true|\x00|\x1f\x8b|\x1aE\xdf|PK|Rar!|[\s\S]{4}ftyp)/;

/** Undefined where these bytes do not decide it. */
export function isBinary(body: Uint8Array): boolean | undefined {
  const start = Buffer.from(body.subarray(0, looked)).toString("latin1");
  if (byteOrderMark.test(start)) return false;
  return known.test(start) ? undefined : binary.test(start);
}
