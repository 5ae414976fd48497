import { HTTP_OF_PYTHON } from "./reasons.ts";
import type { ExpectedGrades } from "./row.ts";

/** What the probes of idle connections, of persistence and of the process itself must find. Written before they were run. */
export const rows: ExpectedGrades[] = [
  {
    server: "idle-connection/buggy",
    request: { http: "GET /" },
    fails: {
      "idle-connection": "it announces five seconds and closes after one",
      "reuse-at-idle-close": { grade: "warn", because: "who trusts the announcement meets the close" },
    },
  },
  { server: "idle-connection/fixed", request: { http: "GET /" }, fails: {} },
  {
    server: "keep-alive-close-race/buggy",
    request: { http: "GET /" },
    fails: {
      "reuse-at-idle-close": {
        grade: "warn",
        because: "it closes after three tenths of a second, and has not said so",
      },
      "early-answer-to-upload": HTTP_OF_PYTHON,
    },
  },
  {
    server: "persistence/buggy",
    request: { http: "GET /" },
    fails: {
      persistence: "it keeps the connection after Connection: close, and after HTTP/1.0",
    },
  },
  { server: "persistence/fixed", request: { http: "GET /" }, fails: {} },
  {
    server: "graceful-shutdown-never-ends/buggy",
    request: { raw: "hello\\n" },
    fails: {
      "stop-under-load": "it waits for idle connections, which nobody ends",
    },
  },
  { server: "graceful-shutdown-never-ends/fixed", request: { raw: "hello\\n" }, fails: {} },
  { server: "graceful-shutdown-never-ends/fixed-by-deadline", request: { raw: "hello\\n" }, fails: {} },
  {
    server: "restart-refused/buggy",
    request: { raw: "hello\\n" },
    fails: {
      "kill-and-restart": "without SO_REUSEADDR bind() meets the old connections on its port",
    },
  },
  { server: "restart-refused/fixed", request: { raw: "hello\\n" }, fails: {} },
  {
    server: "forked-child-holds-connection/buggy",
    request: { raw: "hello\\n" },
    fails: {
      "inherited-descriptors": "a helper has a copy of each connection, and keeps it open",
      "client-closes-first":
        "close() sends no FIN while the helper has the connection: it stays in CLOSE-WAIT",
    },
  },
  { server: "forked-child-holds-connection/fixed", request: { raw: "hello\\n" }, fails: {} },
  { server: "forked-child-holds-connection/fixed-by-cloexec", request: { raw: "hello\\n" }, fails: {} },
];
