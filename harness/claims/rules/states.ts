import { atLeast, atMost, exactly } from "../../verdict/vocabulary/bound.ts";
import { counterMoved } from "../../verdict/vocabulary/counters.ts";
import { is, reads } from "../../verdict/vocabulary/of-figures.ts";
import { recvBytes, resultIs } from "../../verdict/vocabulary/figures/calls.ts";
import { timeBetween } from "../../verdict/vocabulary/figures/moments.ts";
import { closedIn, finAcks, medianAnswer, numbersTaken } from "../../verdict/vocabulary/figures/segments.ts";
import {
  ackIgnored,
  endsIn,
  stateBehind,
  statesOf,
  through,
  timeOf,
} from "../../verdict/vocabulary/figures/sockets.ts";
import { segmentsSeen, statesPassed } from "../../verdict/vocabulary/packets.ts";
import { neverSeen, socketsAtPeak } from "../../verdict/vocabulary/sockets.ts";
import type { TcpState } from "../../model/state.ts";
import type { Segments } from "../../measure/segments.ts";
import { given } from "../ask.ts";
import type { Settlings } from "../claim.ts";
import { everyday, on, rare } from "../circumstance.ts";

/** "At once", for a kernel that can delay an acknowledgement by 40 ms. */
const AT_ONCE = atMost(200);
/** "Short": with a sample every second, one in twenty shows it. */
const SHORT = atMost(50);

const CONNECT = { program: "client", call: "connect" };
const SYN_ACK: Segments = { flags: ["SYN", "ACK"] };
const THIRD: Segments = { from: "client", flags: ["ACK"], without: ["SYN"] };
const FIN: Segments = { from: "client", flags: ["FIN"] };

const finAnswered = is(timeBetween({ segment: FIN, is: "arrived" }, { acknowledged: FIN }), AT_ONCE);
const inSynReceived = timeOf({ host: "server", state: "SYN-RECEIVED" }, "ms");
const lasts = (host: string, state: TcpState) => timeOf({ host, state }, "ms");
const closeWait = socketsAtPeak({ host: "server", state: "CLOSE-WAIT" }, atLeast(1));
const serverIs = { seen: "ESTABLISHED", at: "server" } as const;
/** The time of two samples: a smaller difference could not be measured. */
const withThird = is(timeBetween({ segment: THIRD, is: "sent" }, serverIs), SHORT);
const later = is(timeBetween({ seen: "ESTABLISHED", at: "client" }, serverIs), atLeast(50));
const isClosed = [reads(statesOf("server"), /LAST-ACK, CLOSED$/), is(finAcks(), atLeast(1))] as const;
const fourSegments = is(closedIn(4), atLeast(3));

export const states: Settlings = {
  C01: {
    under: [
      on("handshake/accepted", reads(resultIs(CONNECT), "0")),
      on("handshake/refused", reads(resultIs(CONNECT), "ECONNREFUSED")),
      on("state-zoo/slow-motion", neverSeen({ state: "CLOSED" })),
    ],
    beyond: [
      everyday("handshake/nobody-accepts", reads(resultIs(CONNECT), "0")),
      everyday(
        "accept-queue-overflow/buggy",
        counterMoved({ host: "server", counter: "TcpExtListenDrops" }, exactly(0)),
      ),
    ],
  },
  C02: {
    under: [
      on("handshake-otherwise/quick", is(medianAnswer(SYN_ACK, { from: "client" }), SHORT)),
      on("handshake-otherwise/withheld", is(inSynReceived, atLeast(1000))),
    ],
    beyond: [
      everyday("handshake/accepted", is(inSynReceived, SHORT)),
      everyday("syn-ack-lost/third-segment-lost", is(inSynReceived, SHORT)),
      everyday("phantom-established/buggy", is(inSynReceived, SHORT)),
      rare("handshake-otherwise/deferred", is(inSynReceived, SHORT)),
    ],
  },
  C03: {
    under: [
      on(
        "handshake/accepted",
        statesPassed({ host: "client" }, ["SYN-SENT", "ESTABLISHED"]),
        is(timeBetween({ segment: SYN_ACK, is: "arrived" }, { call: CONNECT, is: "returned" }), atMost(100)),
      ),
    ],
    beyond: [
      rare(
        "handshake-otherwise/crossing-syns",
        statesPassed({ host: "client" }, ["SYN-SENT", "ESTABLISHED"]),
      ),
      // The connection before it shows that the wire was recorded.
      everyday(
        "handshake-otherwise/no-neighbour",
        segmentsSeen({ from: "client", flags: ["SYN"], connection: 2 }, atLeast(1)),
      ),
    ],
  },
  C04: {
    under: [
      on("handshake-otherwise/quick", is(medianAnswer(FIN, "acknowledgement"), AT_ONCE)),
      on("teardown/later", finAnswered),
    ],
    beyond: [
      everyday("half-open-idle/fixed", is(lasts("server", "FIN-WAIT-1"), atMost(500))),
      everyday("fin-wait-1-held/buggy", is(lasts("server", "FIN-WAIT-1"), atMost(500))),
    ],
  },
  C05: {
    under: [
      on(
        "half-close/shutdown-write",
        is(lasts("client", "FIN-WAIT-2"), atLeast(200)),
        is(recvBytes("client", "last"), atLeast(1)),
      ),
      on("closing-otherwise/never-accepted", is(lasts("client", "FIN-WAIT-2"), atLeast(200))),
    ],
    beyond: [
      everyday("half-close/close", segmentsSeen({ from: "client", flags: ["RST"] }, exactly(0))),
      everyday("teardown/at-once", is(through("client", ["FIN-WAIT-2"]), atLeast(3))),
    ],
  },
  C06: {
    under: [on("teardown/at-once", is(through("client", ["FIN-WAIT-1", "TIME-WAIT"]), atLeast(3)))],
    beyond: [rare("simultaneous-close/both", reads(stateBehind("client", "FIN-WAIT-1"), "TIME-WAIT"))],
  },
  C07: {
    under: [on("simultaneous-close/both", is(endsIn("CLOSING"), exactly(2)))],
    beyond: [
      rare("closing-otherwise/fin-lost", is(endsIn("CLOSING"), exactly(2))),
      rare(
        "closing-otherwise/window-shut",
        given(
          reads(statesOf("client"), /CLOSING/),
          is(
            timeBetween(
              { call: { program: "client", call: "close" }, is: "begun" },
              { segment: { from: "server", flags: ["FIN"] }, is: "sent" },
            ),
            AT_ONCE,
          ),
        ),
      ),
    ],
  },
  C08: {
    under: [
      on("teardown/later", finAnswered, closeWait),
      on("closing-otherwise/never-accepted", finAnswered, closeWait),
      on("closing-otherwise/stopped", finAnswered, closeWait),
    ],
    beyond: [rare("closing-otherwise/overtaken", finAnswered)],
  },
  C09: {
    under: [on("teardown/later", ...isClosed), on("last-ack-lost/time-wait", ...isClosed)],
    beyond: [
      rare("closing-otherwise/unanswered", ...isClosed),
      rare("last-ack-lost/no-time-wait", ...isClosed),
    ],
  },
  C10: {
    under: [
      on("handshake/accepted", is(numbersTaken({ syn: 1 }), exactly(1))),
      on("closing-otherwise/http", is(numbersTaken("FIN"), exactly(1))),
    ],
    beyond: [
      rare("fast-open/with-cookie", is(numbersTaken({ syn: 2 }), exactly(1))),
      everyday("closing-otherwise/window-shut", is(numbersTaken("FIN"), exactly(1))),
    ],
  },
  // C11a and C11b contradict each other, and are judged from the same trials.
  C11a: {
    under: [on("handshake/accepted", withThird), on("syn-ack-lost/third-segment-lost", withThird)],
  },
  C11b: {
    under: [
      on("handshake/accepted", later),
      on("syn-ack-lost/third-segment-lost", later),
      on("handshake-otherwise/deferred", later),
    ],
    beyond: [
      rare(
        "fast-open/with-cookie",
        is(
          timeBetween(
            { segment: { ...SYN_ACK, connection: 2 }, is: "arrived" },
            { call: { program: "server", call: "accept" }, is: "returned", nth: 1 },
          ),
          atLeast(0),
        ),
      ),
    ],
  },
  C12: {
    under: [on("teardown/at-once", fourSegments), on("closing-otherwise/http", fourSegments)],
    beyond: [everyday("teardown/later", fourSegments)],
  },
  C13: {
    under: [
      on(
        "handshake-otherwise/two-way-deaf",
        given(
          segmentsSeen({ from: "server", payload: "some", fate: "passed" }, atLeast(2)),
          segmentsSeen({ from: "client", without: ["SYN"] }, exactly(0)),
        ),
        statesPassed({ host: "client" }, ["SYN-SENT", "CLOSED"]),
      ),
    ],
    beyond: [
      // The client gives up after 3 s: a wait that ends earlier was no deadlock.
      rare(
        "handshake-otherwise/two-way-again",
        is(timeBetween({ call: CONNECT, is: "begun" }, { call: CONNECT, is: "returned" }), atLeast(2900)),
      ),
    ],
  },
  C200: {
    under: [on("handshake/accepted", reads(statesOf("server"), /^SYN-RECEIVED, ESTABLISHED/))],
    beyond: [
      everyday("phantom-established/buggy", is(ackIgnored(), SHORT)),
      rare("handshake-otherwise/deferred", is(ackIgnored(), SHORT)),
    ],
  },
  C203: {
    under: [
      on(
        "closing-otherwise/half-closed",
        reads(resultIs({ program: "client", call: "send" }), /^\d+$/),
        is(recvBytes("client", "last"), exactly(0)),
      ),
    ],
  },
};
