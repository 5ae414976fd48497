import type { ConnectionEnd } from "../measure/packets.ts";
import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample } from "../model/sample.ts";
import { activeResets } from "./active-reset.ts";
import { answerReset } from "./answer-reset.ts";
import { answeredBy } from "./answered.ts";
import { type Attribution, decided, type Endpoint, type Verdict } from "./attribution.ts";
import { type Carried, type Closing, closingsOf } from "./closings.ts";
import { isScript, lastRow, type Sources, sourcesOf } from "./evidence.ts";
import { finBeforeReset, finCause } from "./fin-cause.ts";
import { type Settled, withProcessEnd } from "./process-end.ts";
import { addressIn } from "./rows.ts";
import { silentEnds } from "./silent-end.ts";
import { unwired } from "./unwired.ts";

/**
 * Who sent each RST and each FIN of a recording, and why, in the order of time: from what the wire carried, the rows of both ends' sockets,
 * their hosts' counters, and the ends of programs. What programs report of their own calls is not used. A connection that a kernel gave up
 * without a segment is there, too. Of hosts without a wire, only what rows and counters show. docs/attribution.md has the rules.
 */
export function attributions(recording: Recording): Attribution[] {
  const sources = sourcesOf(recording);
  const all = [
    ...onWires(sources).map(({ attribution }) => attribution),
    ...sources.all.flatMap((one) => givenUp(one, sources)),
    ...unwired(sources),
  ];
  return all.toSorted((a, b) => a.atUs - b.atUs);
}

/** The attributions of one connection's segments, for whoever draws them. */
export function attributedSegments(recording: Recording): Map<PacketSample, Attribution> {
  return new Map(onWires(sourcesOf(recording)).map(({ packet, attribution }) => [packet, attribution]));
}

interface Attributed {
  packet: PacketSample;
  attribution: Attribution;
}

function onWires(sources: Sources): Attributed[] {
  const { recording } = sources;
  const all = sources.all.flatMap(closingsOf);
  const verdicts = new Map<Closing, Verdict>();
  const active: Closing[] = [];
  const refusals = new Map<HostName, number[]>();
  for (const closing of all) {
    const { near, packet } = closing;
    if (isScript(recording, packet.link, near.host)) {
      verdicts.set(closing, decided("script", "this end of the wire is a script"));
    } else if (closing.ending === "FIN") {
      verdicts.set(closing, finCause(closing, sources));
    } else {
      const answered = answeredBy(closing);
      if (answered === null) active.push(closing);
      else {
        const verdict = answerReset(closing, answered, sources);
        verdicts.set(closing, verdict);
        const isCounted = verdict.cause === "data-after-close" || verdict.cause === "linger2";
        if (isCounted) refusals.set(near.host, [...(refusals.get(near.host) ?? []), packet.atUs]);
      }
    }
  }
  for (const host of new Set(active.map(({ near }) => near.host))) {
    const own = active.filter(({ near }) => near.host === host);
    for (const [closing, verdict] of activeResets(host, own, refusals.get(host) ?? [], sources)) {
      verdicts.set(closing, verdict);
    }
  }
  for (const fin of all.filter((one) => one.ending === "FIN" && verdicts.get(one)?.sure === "undecided")) {
    const own = active.find((one) => one.connection === fin.connection && one.near === fin.near);
    const of = own === undefined ? null : finBeforeReset(fin, own, verdicts.get(own));
    if (of !== null) verdicts.set(fin, of);
  }
  return all.flatMap((closing): Attributed[] => {
    const verdict = verdicts.get(closing);
    if (verdict === undefined) return [];
    return [
      {
        packet: closing.packet,
        attribution: attributionOf(closing, settled(verdict, closing, sources), sources),
      },
    ];
  });
}

/** Causes that a socket itself has, so that the end of its process can be behind them. */
function settled(verdict: Verdict, closing: Closing, sources: Sources): Settled {
  const isOwn = closing.ending === "FIN" || answeredBy(closing) === null;
  const isKernel = ["script", "keep-alive", "orphan-limit"].includes(verdict.cause);
  return isOwn && !isKernel
    ? withProcessEnd(verdict, closing, sources)
    : { ...verdict, made: null, program: null };
}

function attributionOf(closing: Closing, verdict: Settled, sources: Sources): Attribution {
  const { packet, near, far, ending } = closing;
  const { link, connection, atUs } = packet;
  return {
    seen: "wire",
    ending,
    count: 1,
    atUs,
    afterUs: null,
    host: near.host,
    link,
    connection,
    ...endpoints(closing, [near, far], sources),
    ...verdict,
  };
}

function givenUp(one: Carried, sources: Sources): Attribution[] {
  const { link, connection } = one.connection;
  return silentEnds(one, sources)
    .filter(({ near }) => !isScript(sources.recording, link, near.host))
    .map(({ near, far, atUs, afterUs, verdict }) => ({
      seen: "wire",
      ending: "nothing",
      count: 1,
      atUs,
      afterUs,
      host: near.host,
      link,
      connection,
      ...endpoints(one, [near, far], sources),
      ...verdict,
      made: null,
      program: null,
    }));
}

/** The addresses of both ends, from the last row of either. */
function endpoints(
  one: Carried,
  [near, far]: [ConnectionEnd, ConnectionEnd],
  sources: Sources,
): { near: Endpoint; far: Endpoint } {
  const own = lastRow(sources, one, [near, far], Infinity)?.socket.row;
  const other = lastRow(sources, one, [far, near], Infinity)?.socket.row;
  const here = own?.local ?? other?.remote;
  const there = own?.remote ?? other?.local;
  return {
    near: { ...near, address: here === undefined ? null : addressIn(here) },
    far: { ...far, address: there === undefined ? null : addressIn(there) },
  };
}
