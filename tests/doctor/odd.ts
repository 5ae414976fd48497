import type { TcpState } from "../../harness/model/state.ts";

/**
 * A healthy program that looks odd: tests/fixtures/doctor/odd/PROGRAM.py has its server and its client. The doctor looks when so many
 * sockets are in a state.
 */
export interface Odd {
  program: string;
  state: TcpState;
  atLeast: number;
  /** The remarks that it may cause. */
  remarks?: string[];
}

export const ODD: Odd[] = [
  { program: "worker-recycling", state: "TIME-WAIT", atLeast: 120 },
  { program: "fork-per-connection", state: "ESTABLISHED", atLeast: 60 },
  { program: "thread-per-connection", state: "ESTABLISHED", atLeast: 80 },
  { program: "long-poll", state: "ESTABLISHED", atLeast: 120 },
  { program: "event-stream", state: "ESTABLISHED", atLeast: 50 },
  { program: "market-feed", state: "ESTABLISHED", atLeast: 24 },
  { program: "message-bus", state: "ESTABLISHED", atLeast: 30 },
  { program: "database", state: "ESTABLISHED", atLeast: 40 },
  { program: "websocket", state: "ESTABLISHED", atLeast: 100 },
  { program: "half-closed-tunnels", state: "CLOSE-WAIT", atLeast: 20 },
  { program: "evicting-pool", state: "CLOSE-WAIT", atLeast: 12 },
  { program: "graceful-reload", state: "ESTABLISHED", atLeast: 40 },
  { program: "slow-start", state: "ESTABLISHED", atLeast: 30 },
  {
    program: "port-scan",
    state: "ESTABLISHED",
    atLeast: 10,
    remarks: ["linger-zero-reset", "reset-on-unread-data"],
  },
  { program: "ipv6-and-unix", state: "ESTABLISHED", atLeast: 40 },
  { program: "inherited-listener", state: "ESTABLISHED", atLeast: 40 },
  { program: "reuseport-workers", state: "TIME-WAIT", atLeast: 100 },
  { program: "paced-download", state: "ESTABLISHED", atLeast: 24 },
  { program: "long-computation", state: "CLOSE-WAIT", atLeast: 1 },
];

/** The name of its scene. */
export const sceneOf = ({ program }: Odd): string => `odd: ${program}`;
