import type { Grade } from "../../../harness/model/probe.ts";

/** What the probes must find at a reference server. */
export interface ExpectedGrades {
  server: string;
  /** How it is asked: a request of HTTP, or bytes as the text of a step of clients/dialogue. */
  request: { http: string } | { raw: string };
  /** Absent: without TLS. */
  tls?: boolean;
  /** Each probe that does not pass, with the reason. All other probes pass, are informational or are skipped. */
  /** Probes that may fail or pass: a race decides it, which is said. */
  either?: Record<string, string>;
  fails: Record<string, string | { grade: Extract<Grade, "warn" | "fail">; because: string }>;
}
