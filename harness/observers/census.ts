import { LISTEN } from "../kernel/sockdiag/state.ts";
import type { Census, CensusBy, CensusListener } from "../model/census.ts";
import type { SocketGroup } from "../model/sample.ts";
import type { Side } from "../model/state.ts";
import { AgeTally } from "./census/age-tally.ts";
import { PeerTally } from "./census/peer-tally.ts";
import type { SocketSource } from "./census/source.ts";
import { Classifier } from "./sockets/classifier.ts";
import { Census as Groups } from "./sockets/group.ts";
import { HeldTally } from "./sockets/held-tally.ts";
import { everyHolder, nameOf } from "./sockets/holders.ts";
import { parsePortRange } from "./sockets/ports.ts";
import { countStates } from "./sockets/states.ts";

/** How many sockets of a group are kept as examples. */
const EXAMPLES = 5;
/** net.ipv4.ip_local_port_range as Linux has it from the start (inet_init_net, net/ipv4/af_inet.c). */
const EPHEMERAL = "32768 60999";

export interface CensusOptions {
  by: CensusBy;
  /** Whether it is taken more than once. */
  watches: boolean;
}

/** Counts the sockets of a source, once at each call of the returned function. */
export function openCensus(source: SocketSource, { by, watches }: CensusOptions): () => Census {
  const classifier = new Classifier(
    parsePortRange(source.sysctls["net.ipv4.ip_local_port_range"] ?? EPHEMERAL),
  );
  // Groups are not kept apart by what the connections carried: every census would need tcp_info.
  const grouped = new Groups(EXAMPLES, classifier);
  const held = new HeldTally();
  const peers = by === "peer" ? new PeerTally() : null;
  const ages = by === "age" ? new AgeTally(watches) : null;
  const showsBacklog = source.way.by === "sock_diag";
  return () => {
    const owners = everyHolder();
    held.begin(owners);
    classifier.begin(owners);
    grouped.begin();
    peers?.begin();
    ages?.begin(performance.now());
    const listeners: CensusListener[] = [];
    source.each((row) => {
      classifier.learn(row);
      const side = classifier.sideOf(row);
      grouped.add(row);
      held.add(row, side);
      peers?.add(row, side);
      ages?.add(row);
      if (row.state !== LISTEN) return;
      const { localAddress: address, localPort: port, receiveQueue: queue, inode } = row;
      listeners.push({ address, port, queue, backlog: showsBacklog ? row.sendQueue : null, inode });
    });
    const groups = grouped.groups();
    return {
      total: groups.reduce((sum, { count }) => sum + count, 0),
      states: countStates(groups),
      sides: {
        listener: countStates(ofSide(groups, "listener")),
        connector: countStates(ofSide(groups, "connector")),
      },
      groups,
      held: held.held(nameOf),
      listeners: listeners.toSorted((a, b) => a.port - b.port || a.inode - b.inode),
      ...(peers !== null && { peers: peers.peers() }),
      ...(ages !== null && { ages: ages.ages() }),
      read: source.way,
    };
  };
}

function ofSide(groups: SocketGroup[], side: Side): SocketGroup[] {
  return groups.filter((group) => group.side === side);
}
