/**
 * For every connection that carries a token: the other side's certificate is checked, ignoring Node's
 * NODE_TLS_REJECT_UNAUTHORIZED. gh has no such variable.
 */
export const checksCertificates = { rejectUnauthorized: true } as const;
