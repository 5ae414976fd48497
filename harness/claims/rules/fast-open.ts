import { atLeast, exactly } from "../../verdict/vocabulary/bound.ts";
import { is, reads } from "../../verdict/vocabulary/of-figures.ts";
import { timeBetween } from "../../verdict/vocabulary/figures/moments.ts";
import { valuesWith } from "../../verdict/vocabulary/figures/reports.ts";
import { roundTripsSaved, synAckTakes, synCarries } from "../../verdict/vocabulary/figures/segments.ts";
import { segmentsSeen } from "../../verdict/vocabulary/packets.ts";
import type { Settlings } from "../claim.ts";
import { everyday, on, rare } from "../circumstance.ts";

/** A little less than one round trip: the time of the answer itself varies. */
const saves = is(roundTripsSaved(), atLeast(0.7));

/** A client's host counts SYNs whose data was acknowledged (Active), a server's host counts those whose data it accepted (Passive). */
const TCP_FASTOPEN = "net.ipv4.tcp_fastopen";
const asClient = reads(valuesWith(TCP_FASTOPEN, "TcpExtTCPFastOpenActive"), "1, 3");
const taken = (hosts: readonly string[]) => valuesWith(TCP_FASTOPEN, "TcpExtTCPFastOpenPassive", hosts);
/** The hosts of `as-server` whose programs set TCP_FASTOPEN; the program of `silent` does not. */
const asServer = reads(taken(["off", "calling", "server", "both"]), "2, 3");

export const fastOpen: Settlings = {
  C91: {
    under: [
      on(
        "fast-open/with-cookie",
        reads(synCarries(1), "tfo cookiereq, length 0"),
        reads(synCarries(2), "tfo cookie, length 97"),
        is(synAckTakes(2), exactly(97)),
        saves,
      ),
    ],
    beyond: [rare("fast-open/another-key", saves), rare("fast-open-switches/syn-dropped", saves)],
  },
  C92: {
    under: [
      on(
        "fast-open/another-key",
        is(synAckTakes(2), exactly(0)),
        segmentsSeen({ connection: 2, from: "client", payload: "some" }, exactly(2)),
      ),
      on("fast-open-switches/forged", is(synAckTakes(1), exactly(0))),
    ],
    beyond: [rare("fast-open-switches/unchecked", is(synAckTakes(1), exactly(0)))],
  },
  C201: {
    under: [
      on(
        "fast-open/with-cookie",
        is(
          timeBetween(
            { segment: { connection: 2, from: "server", payload: "some" }, is: "sent" },
            { segment: { connection: 2, from: "client", without: ["SYN"] }, is: "arrived" },
          ),
          atLeast(1),
        ),
      ),
    ],
    beyond: [
      rare(
        "fast-open-switches/unchecked",
        is(
          timeBetween(
            { segment: { from: "server", payload: "some" }, is: "sent" },
            { segment: { from: "client", without: ["SYN"] }, is: "sent" },
          ),
          atLeast(1),
        ),
      ),
    ],
  },
  C93: {
    under: [
      on("fast-open-switches/as-client", asClient),
      on("fast-open-switches/as-server#asking", asServer),
    ],
    beyond: [
      everyday("fast-open-switches/as-server#silent", reads(taken(["silent"]), "3")),
      everyday("fast-open/plain", reads(synCarries(2), "tfo cookie, length 97")),
    ],
  },
  C202: {
    under: [
      on("fast-open-switches/as-client", asClient),
      on("fast-open-switches/as-server#asking", asServer),
    ],
    beyond: [rare("fast-open-switches/as-server#silent", reads(taken(["silent"]), "–"))],
  },
};
