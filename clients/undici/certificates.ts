import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

/** A certificate in PEM (RFC 7468). */
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a file in PEM, one or more. Throws an Error with one sentence for the user when it cannot be read or has none:
 * a TLS context ignores text that is no certificate, and would then trust nobody.
 */
export function readCertificates(file: string): string[] {
  const certificates = textOf(file).match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw new Error(`--ca: ${file} has no certificate in PEM`);
  for (const [nth, certificate] of certificates.entries()) {
    try {
      void new X509Certificate(certificate);
    } catch (error) {
      throw new Error(`--ca: certificate ${nth + 1} of ${file} cannot be read`, { cause: error });
    }
  }
  return certificates;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch (error) {
    throw new Error(`--ca: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
}
