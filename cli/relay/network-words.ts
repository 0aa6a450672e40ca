/** Messages for Node's codes of a failed connection, for the person who typed the address. */

const untrusted = "its certificate is not trusted on this machine";

const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was cut",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the name could not be looked up; is this machine online?",
  EHOSTUNREACH: "no route leads there; is this machine online?",
  ENETUNREACH: "no route leads there; is this machine online?",
  ETIMEDOUT: "it did not answer in time",
  UND_ERR_CONNECT_TIMEOUT: "it did not answer in time",
  UND_ERR_HEADERS_TIMEOUT: "it did not answer in time",
  UND_ERR_SOCKET: "the connection was cut",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; is this machine's clock right?",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
};

/** The meaning with the code, which people search for; undefined for a code that is not listed. */
export function networkWords(code: string | undefined): string | undefined {
  if (code === undefined || !Object.hasOwn(meanings, code)) return undefined;
  return `${meanings[code]} (${code})`;
}
