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
  /** Of a buggy server: why no probe shows its bug. It may fail what its cures fail, too. */
  bugIsUnseen?: string;
  /** Of a server that is not buggy: why it fails a probe all the same. Of such servers it must be said. */
  byDesign?: string;
}
