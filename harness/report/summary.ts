import { latencies, programsWithAttempts, type AttemptTime } from "../measure/attempts.ts";
import { hosts } from "../measure/evidence.ts";
import { percentile } from "../measure/percentile.ts";
import { socketSeries } from "../measure/sockets.ts";
import type { Recording } from "../model/recording.ts";
import type { Side, TcpState } from "../model/state.ts";

const COLUMNS = ["time_s", "host", "side", "program", "metric", "value"];
const STATES: TcpState[] = ["TIME-WAIT", "CLOSE-WAIT"];
const SIDES: Side[] = ["listener", "connector"];
const TIMES: [name: string, time: AttemptTime][] = [
  ["connect", "connectMs"],
  ["first byte", "firstByteMs"],
  ["total", "totalMs"],
];
const RANKS: [name: string, p: number][] = [
  ["p50", 50],
  ["p90", 90],
  ["p99", 99],
  ["max", 100],
];

type Cell = string | number;

/**
 * A recording for a spreadsheet, one figure a row, which suits a pivot table. There are two kinds of rows:
 * sockets in TIME-WAIT and CLOSE-WAIT, by host and side, at every look (`0.500,server,listener,,CLOSE-WAIT sockets,97`);
 * and latency percentiles of each program over the whole trial, which have no time (`,client,,load,connect p99 ms,1.042`).
 * CSV as in RFC 4180: CRLF, a header line, quotes where a cell needs them.
 */
export function summaryCsv(recording: Recording): string {
  const rows: Cell[][] = [COLUMNS, ...socketRows(recording), ...latencyRows(recording)];
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function socketRows(recording: Recording): Cell[][] {
  const kinds = hosts(recording).flatMap((host) =>
    SIDES.flatMap((side) => STATES.map((state) => ({ host, side, state }))),
  );
  return kinds
    .flatMap((which) => socketSeries(recording, which).points.map((point) => ({ ...which, ...point })))
    .toSorted((a, b) => a.atUs - b.atUs)
    .map(({ atUs, host, side, state, value }) => [
      (atUs / 1e6).toFixed(3),
      host,
      side,
      "",
      `${state} sockets`,
      value,
    ]);
}

function latencyRows(recording: Recording): Cell[][] {
  return programsWithAttempts(recording).flatMap((program) => {
    const host = recording.header.setup.programs[program]?.host ?? "";
    return TIMES.flatMap(([name, time]) => {
      const values = latencies(recording, { program }, time);
      return RANKS.flatMap(([rank, p]) => {
        const value = percentile(values, p);
        return value === null
          ? []
          : [["", host, "", program, `${name} ${rank} ms`, Number(value.toFixed(3))]];
      });
    });
  });
}

function cell(value: Cell): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
