/** A certificate for localhost that no authority signed. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Paths of the PEM files; `made` is false where there is no openssl. */
export function makeCertificate(directory: string) {
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const { status } = spawnSync(
    "openssl",
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout ${key} -out ${cert}`.split(
      " ",
    ),
  );
  return { key, cert, made: status === 0 };
}
