import type { Outcomes } from "../model/load.ts";
import type { EngineName, LoadPlan, Scheme } from "./load-plan.ts";

/** What the certificate errors of OpenSSL mean, under the names that Node gives them (X509_V_ERR_*, openssl/x509_vfy.h). */
const CERTIFICATES: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is signed by itself, so nobody vouches for it",
  SELF_SIGNED_CERT_IN_CHAIN:
    "the server's certificate comes from an authority that this machine does not know",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the server's certificate comes from an authority that this machine does not know",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the server's certificate comes from an authority that this machine does not know, or the server leaves a certificate out",
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name than the one in the URL",
};

/** The certificate errors that the right authority in --ca cures. */
const UNKNOWN_AUTHORITY = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Other outcomes, and why they happen. What each code means to a client: clients/README.md. */
const OUTCOMES: Record<string, string> = {
  "connect ECONNREFUSED": "nothing listens at that address and port",
  "connect timeout":
    "no handshake was over in time: the SYNs were lost, or the server's accept queue was full (listen(2), backlog)",
  "connect EADDRNOTAVAIL": "no local port towards the target was free",
  "connect EMFILE": "the load program has no descriptor left: raise the limit (ulimit -n)",
  "tls ERR_SSL_WRONG_VERSION_NUMBER": "what the server sent is not TLS: if it speaks plain HTTP, use http://",
  "tls EPROTO": "what the server sent is not TLS: if it speaks plain HTTP, use http://",
  "tls truncated": "the server closed the connection during the TLS handshake",
  "tls ECONNRESET": "the server reset the connection during the TLS handshake",
  "tls timeout": "the connection was open, and the TLS handshake was not over in time",
  "response empty": "the server closed the connection without a byte of a response",
  "response truncated": "the server closed the connection in the middle of a response",
  "response timeout": "the response was not whole in time",
  "response ECONNRESET": "the server reset the connection while a response was due",
  "response not-http": "the bytes from the server do not begin like a response of HTTP/1",
  "response bad-head":
    "a line of the response's head is no header field, or its fields contradict each other",
  "response bad-chunk":
    "the response is chunked, and a chunk has no valid size or does not end where it says",
  "response extra-bytes": "more bytes came than belong to the response",
  "response upgraded":
    "the server changed to another protocol (status 101), which the request did not ask for",
  "response unexpected": "the engine refused what the server sent, and did not say why",
  "close extra-bytes": "bytes came while no response was due",
  "never begun": "the request was due, and no connection was free for it until the end",
};

/** How a server can answer plain HTTP at a port for TLS: with a TLS alert, or by closing. */
const PERHAPS_TLS = new Set(["response not-http", "response empty"]);

/** The limits of each engine: clients/raw/http-response.ts and clients/raw/tcp.ts; undici's maxHeaderSize is that of Node. */
const TOO_LONG: Record<EngineName, Record<string, string>> = {
  raw: {
    "response line-too-long":
      "a line of the response is longer than this engine reads: 16,384 bytes with HTTP, 65,536 with tcp",
    "response head-too-long":
      "the head of the response has more than the 65,536 bytes that this engine reads",
  },
  undici: {
    "response head-too-long": "the head of the response has more than the 16,384 bytes that undici reads",
  },
  autocannon: {},
};

/** Why an attempt ends in this way, and what to do about it, in one sentence without its stop; null where the name says it all. */
export function reasonOf(outcome: string, engine: EngineName, scheme: Scheme): string | null {
  const fault = outcome.startsWith("tls ") ? outcome.slice("tls ".length) : "";
  const certificate = CERTIFICATES[fault];
  if (certificate !== undefined) {
    const trust = UNKNOWN_AUTHORITY.has(fault) ? "--ca FILE with a certificate to trust, or " : "";
    return `${certificate}: if it is your own server, add ${trust}--insecure, which checks no certificate`;
  }
  const reason = TOO_LONG[engine][outcome] ?? OUTCOMES[outcome] ?? null;
  return scheme === "http" && PERHAPS_TLS.has(outcome)
    ? `${reason}: if the server speaks TLS, use https://`
    : reason;
}

/** The reason for each kind of failure that has one. */
export function reasonsOf(errors: Outcomes, { engine, to }: LoadPlan): Record<string, string> {
  const known = Object.keys(errors).map(
    (outcome) => [outcome, reasonOf(outcome, engine, to.scheme)] as const,
  );
  return Object.fromEntries(known.filter((one): one is readonly [string, string] => one[1] !== null));
}
