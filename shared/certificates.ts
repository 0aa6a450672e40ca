/**
 * For every connection that carries a token: the other side's certificate is checked, whatever Node's
 * NODE_TLS_REJECT_UNAUTHORIZED says. gh knows no such variable.
 */
export const checksCertificates = { rejectUnauthorized: true } as const;
