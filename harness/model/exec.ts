import type { TcpState } from "./state.ts";
import type { WirePlan } from "./wire.ts";

/** What the wire between does. What is absent is as in an ordinary setup: no delay, no limit, no loss, no rules, the seed 1. */
export type WireWords = Partial<Pick<WirePlan, "delayMs" | "loss" | "bitsPerSecond" | "seed" | "rules">>;

/** A reference server for clients: what goes wrong on its side, and what a good client makes of it. */
export interface EvilServer {
  /** `closes-idle` */
  name: string;
  /** What the server, or the way to it, does. */
  title: string;
  /** What a good client does. */
  copes: string;
  /** The experiment that explains it. */
  explainedBy: string;
}

/** What the client's side of the connections showed while a command ran. `null`: it was not recorded. */
export interface ClientSide {
  /** Samples of the client's sockets while the command ran. */
  samples: number;
  /** From its start to its end, in seconds. */
  seconds: number;
  connections: ClientConnections;
  /** Segments with RST that reached the client, and that the client sent. */
  resets: { received: number; sent: number };
  /** Sockets in CLOSE-WAIT that the command held: the other end had ended its direction, and the command had not closed. */
  closeWait: HeldSockets;
  /** Connections of the command with bytes that it had not read; and so many bytes: of at most 20 alike connections a sample. */
  unread: HeldSockets & { mostBytes: number; lastBytes: number };
  /** Connections that no process holds, without those in TIME-WAIT. */
  unowned: HeldSockets;
  /** Requests of which no byte of an answer came before the command ended. */
  unanswered: number;
  /** Of these: when lastack ended the command, on connections that it had not ended itself, and that no RST had. */
  waiting: number;
  /** Descriptors of the command and its children: at the first sample, the most, and at the last sample. */
  descriptors: { first: number; most: number; last: number } | null;
  /** Sockets of the client that were left behind when it had ended, by state. */
  left: Partial<Record<TcpState, number>>;
  /** Processes of the command that still ran when it had ended itself, in the last sample. */
  leftRunning: number;
  /** Segments that were not recorded, because there were too many: what is counted by the wire is less than it was. */
  unrecorded: number;
}

/** The connections that the wire carried, as far as all segments were recorded. */
export interface ClientConnections {
  /** How many were begun with a SYN. */
  begun: number;
  /** Of these: refused with a RST, and without any answer to their SYNs. */
  refused: number;
  withoutAnswer: number;
  /** Local ports of the client. */
  ports: number;
  /** How often the client began to send: at first, or after an answer. Requests that were pipelined count as one. */
  requests: number;
  /** By the connections that were made, and the most on one of them; null where none was made. */
  requestsPerConnection: { mean: number; most: number } | null;
  /** SYNs that were sent again. */
  synsAgain: number;
}

/** How many such sockets there were, the most in one sample and in the last one, and how long there were some without a break. */
export interface HeldSockets {
  most: number;
  last: number;
  longestSeconds: number;
}

/** How the command ended. */
export interface CommandEnd {
  /** Its exit code; null when a signal or lastack ended it, or when it could not be started. */
  exitCode: number | null;
  signal: string | null;
  /** lastack ended it: its time was over, the user interrupted it, or the run could not go on. */
  endedBy: "itself" | "timeout" | "interrupt" | "fault";
  /** The last lines that it printed, where they did not go to the user's terminal. */
  lastLines: readonly string[];
}

/** What the server's side did besides answering: sentences in the past tense, and how often. */
export interface Misbehaviour {
  did: string;
  times: number;
}
