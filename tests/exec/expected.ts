/** A client of tests/fixtures/exec, or of the machine, against a server for clients, and what the report must say. Written before the run. */
export interface ExecCase {
  server: string;
  command: string[];
  wire?: string[];
  /** The exit code of lastack exec. */
  status: number;
  /** The command's own exit code. */
  exitCode: number;
  findings: string[];
  /** What the client's side must show, as a part of the JSON's `client`. */
  client: object;
  because: string;
}

const fixture = (name: string): string[] => [process.execPath, `tests/fixtures/exec/${name}.mjs`];

export const CASES: ExecCase[] = [
  {
    server: "for-clients/answers-and-closes",
    command: fixture("leaks"),
    status: 1,
    exitCode: 0,
    findings: ["close-wait-leak"],
    client: { connections: { begun: 80, requests: 80, refused: 0 }, closeWait: { most: 80 } },
    because: "it never closes what the server has ended",
  },
  {
    server: "for-clients/answers-and-closes",
    command: fixture("closes"),
    status: 0,
    exitCode: 0,
    findings: [],
    client: { connections: { begun: 80, requests: 80, refused: 0 } },
    because: "the same client without its leak",
  },
  {
    server: "for-clients/answers",
    command: fixture("one-request"),
    status: 0,
    exitCode: 0,
    findings: [],
    client: { connections: { begun: 1, requests: 1, synsAgain: 0 }, resets: { received: 0, sent: 0 } },
    because: "nothing goes wrong",
  },
  {
    server: "for-clients/truncates",
    command: fixture("one-request"),
    status: 0,
    exitCode: 3,
    findings: [],
    client: { connections: { begun: 1 }, resets: { received: 0 } },
    because: "the client reports the error, and leaks nothing",
  },
  {
    server: "for-clients/resets-in-body",
    command: fixture("one-request"),
    status: 0,
    exitCode: 3,
    findings: [],
    client: { connections: { begun: 1 }, resets: { received: 1 } },
    because: "the reset is counted, and the client reports the error",
  },
  {
    server: "for-clients/refuses-first",
    command: fixture("one-request"),
    status: 0,
    exitCode: 3,
    findings: [],
    client: { connections: { begun: 1, refused: 1, requests: 0 } },
    because: "the client does not try again",
  },
  {
    server: "for-clients/drops-syn",
    command: fixture("one-request"),
    status: 0,
    exitCode: 0,
    findings: [],
    client: { connections: { begun: 1, synsAgain: 1 } },
    because: "the kernel sends the SYN again after a second, and the client waits for that",
  },
  {
    server: "for-clients/answers",
    wire: ["drop=ANSWER:1", "delay=5ms"],
    command: fixture("one-request"),
    status: 0,
    exitCode: 0,
    findings: [],
    client: { connections: { begun: 1, requests: 1 } },
    because: "the kernel repeats the answer",
  },
];
