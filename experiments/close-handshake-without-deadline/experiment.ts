import {
  counterStill,
  exactly,
  failureMode,
  quantity,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Bound,
  type Claim,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CONNECTIONS = 23;
const STAY_MS = 1500;

function setup(client: string): Setup {
  return setupOf({
    // TIME-WAIT is counted: no port may be used again.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: "close-handshake-without-deadline/server --port 8080" },
    clients: {
      client: {
        run: `close-handshake-without-deadline/${client} --to {server}:8080 --connections ${CONNECTIONS}`,
        withinMs: 60_000,
      },
    },
    phases: {
      load: {
        until: { sockets: { host: "server", state: "ESTABLISHED", port: 8080 }, atLeast: CONNECTIONS },
        withinMs: 10_000,
      },
      drain: { elapsedMs: 2500 },
    },
    tcpInfo: true,
  });
}

const open = { state: "ESTABLISHED", port: 8080 } as const;

/** How many connections a client has reported as, until the trial ended it. */
function told(kind: "goodbye" | "closed", bound: Bound): Claim<Recording> {
  const of = (recording: Recording): number =>
    samplesOf(recording, "report").filter(({ phase, report }) => phase !== "end" && report["kind"] === kind)
      .length;
  return quantity(`connections that the client reports as ${kind}`, { needs: ["program"], of }, bound);
}

const goodbyes: ExactExpectation = told("goodbye", exactly(CONNECTIONS)).because(
  "the client has asked, and is answered, and wants to leave",
);

export const experiment = failureMode({
  id: "close-handshake-without-deadline",
  title: "Both ends wait for the other one's goodbye",
  question:
    "When does a connection end whose protocol closes with a message, if the answer to it does not come?",
  tags: ["close", "deadline"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the client waits for the server's goodbye",
      setup: setup("buggy"),
      exact: [
        goodbyes,
        told("closed", exactly(0)).because("it waits for a message, and no timer runs"),
        socketsStay(
          { host: "client", ...open, side: "connector", timer: "none", exchanged: "both" },
          exactly(CONNECTIONS),
          {
            forMs: STAY_MS,
          },
        ).because("the goodbye was acknowledged: for TCP nothing is left to do"),
        socketsStay({ host: "server", ...open, side: "listener", timer: "none" }, exactly(CONNECTIONS), {
          forMs: STAY_MS,
        }).because("no FIN has come"),
        counterStill({ host: "client", counter: "TcpExtTCPTimeouts" }).because("everything is acknowledged"),
      ],
    },
    fixed: {
      summary: "the client waits for half a second, and then closes",
      setup: setup("fixed"),
      exact: [
        goodbyes,
        told("closed", exactly(CONNECTIONS)).because("a timer of the program ends the wait"),
        socketsAtEndOf("drain", open, exactly(0)).because("the client's FIN is answered with a FIN"),
        socketsAtEndOf(
          "drain",
          { host: "client", state: "TIME-WAIT", port: 8080 },
          exactly(CONNECTIONS),
        ).because("the client closed first"),
      ],
    },
  },
  symptom: [],
  overlaps: {},
  visible: {
    as: "no",
    because:
      "an idle connection over which this end has spoken last looks the same at every server that has answered, and in every pool: the kernel does not know which message was the last",
    zh: "空闲的、最后由这一端说话的连接，在每个已答复的服务器和每个连接池里都是这个样子：内核不知道哪条消息是最后一条",
  },
});
