import type { Grade } from "../../../harness/model/probe.ts";

/** What the probes must find at a reference server. */
export interface ExpectedGrades {
  server: string;
  /** How it is asked: a request of HTTP, or bytes as the text of a step of clients/dialogue. */
  request: { http: string } | { raw: string };
  /** Absent: without TLS. */
  tls?: boolean;
  /** The port that is checked; 8080 when absent. */
  port?: number;
  /** The words of its command behind the port. */
  words?: string[];
  /** Each probe that does not pass, with the reason. All other probes pass, are informational or are skipped. */
  fails: Record<string, string | { grade: Extract<Grade, "warn" | "fail">; because: string }>;
  /** Probes that may fail or pass: a race decides it, which is said. */
  either?: Record<string, string>;
  /** Why no probe shows what is wrong with a buggy server. */
  failsNothing?: string;
}

// What the probes of a server's limits find at many reference servers, which are about something else:

/** Of servers that echo what comes, or answer each line that comes. */
export const NO_DRAIN = "write() is never asked whether there is room, and requests are read all the while";

/** Of Python's socketserver, which is below http.server. */
export const SPINS = {
  grade: "warn",
  because: "socketserver ignores EMFILE, and tries again at once",
} as const;

/** Of Python's http.server, where it speaks HTTP/1.1 and TCP_NODELAY is not set. */
export const TWO_WRITES = "http.server writes the head and the body of an answer each by itself";
