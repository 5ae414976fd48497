import {
  attemptsOk,
  exactly,
  failureMode,
  outcomes,
  quantity,
  reported,
  segments,
  setupOf,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const DOCUMENTS = 23;
/** Every second one is cut. */
const CUT = Math.floor(DOCUMENTS / 2);
const WHOLE_BYTES = 9973;

function setup(client: string): Setup {
  return setupOf({
    links: [{ kind: "wire" }],
    servers: { server: "tls-truncation/server --port 8080" },
    clients: { client: `tls-truncation/${client} --to {server}:8080 --connections ${DOCUMENTS}` },
    phases: { load: { exited: ["client"] }, drain: { elapsedMs: 300 } },
    tcpInfo: true,
  });
}

const short = (recording: Recording): number =>
  reported(recording, { program: "client", kind: "document" }, "bytes").filter((bytes) => bytes < WHOLE_BYTES)
    .length;

const finished = (recording: Recording): number =>
  new Set(segments(recording, { from: "server", flags: ["FIN"] }).map(({ connection }) => connection)).size;

/** What arrives, and how the connections end, whatever the client makes of it. */
const same: ExactExpectation[] = [
  quantity(
    "documents that are shorter than they should be",
    { needs: ["report"], of: short },
    exactly(CUT),
  ).because("the server has lost the rest of every second one"),
  quantity(
    "connections that the server ends with a FIN",
    { needs: ["packet"], of: finished },
    exactly(DOCUMENTS),
  ).because("end() and destroy() both end with a FIN, which TLS does not protect"),
];

export const experiment = failureMode({
  id: "tls-truncation",
  title: "A FIN that ends a document in the middle of TLS",
  question: "Does a TLS client notice that a connection has ended without close_notify?",
  tags: ["tls", "close", "data-loss", "wire"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a document is what has arrived at the end of the connection",
      setup: setup("buggy"),
      exact: [
        ...same,
        attemptsOk({ program: "client" }, exactly(DOCUMENTS)).because(
          "Node reports the end of the stream with and without close_notify, and no error",
        ),
      ],
    },
    fixed: {
      summary: "the client compares the length with the one that was announced inside of TLS",
      setup: setup("fixed"),
      exact: [
        ...same,
        attemptsOk({ program: "client" }, exactly(DOCUMENTS - CUT)).because("these are whole"),
        outcomes({ program: "client" }, "response truncated", exactly(CUT)).because(
          "less has arrived than was announced",
        ),
      ],
    },
  },
  symptom: [],
  overlaps: {},
  visible: {
    as: "no",
    because:
      "close_notify is an encrypted record between the two programs: the kernel counts its bytes and does not know it. A FIN comes with and without it, and a RST that follows has many other reasons",
    zh: "close_notify 是两个程序之间的一条加密记录：内核只数它的字节，不认识它。FIN 前面可能有它，也可能没有；随后的 RST 还有许多别的原因",
  },
});
