import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { RecordingError } from "./recording-error.ts";

const LINE_FEED = 0x0a;
const CHUNK_BYTES = 1 << 20;

/** The most bytes of a recording that are read. A recording of this size takes about 1 GB of memory; Node's heap has 2 GB or more. */
const MOST_MIB = 512;
/** The most bytes of a line. A line is a header or a sample, and the largest of them have less than 1 MiB. */
const MOST_LINE_MIB = 16;
const MIB = 1 << 20;

/**
 * Passes the lines of a file to `take`, without their line feeds; a line is valid until `take` returns. Returns whether there are bytes
 * after the last line feed. Only what the file has when it is opened is read. Throws a RecordingError for a file that is no regular file,
 * or too large, or that has a line that is too long; otherwise the error of the file system.
 */
export function eachLine(path: string, take: (line: Buffer) => void): { hasRest: boolean } {
  // O_NONBLOCK: the open of a FIFO would wait until something writes to it.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    return linesOf(fd, boundedSize(fstatSync(fd), path), path, take);
  } finally {
    closeSync(fd);
  }
}

function linesOf(fd: number, size: number, path: string, take: (line: Buffer) => void): { hasRest: boolean } {
  let rest: Buffer = Buffer.alloc(0);
  let [left, lines] = [size, 0];
  while (left > 0) {
    const chunk = Buffer.allocUnsafe(rest.length + Math.min(left, CHUNK_BYTES));
    rest.copy(chunk);
    const got = readSync(fd, chunk, rest.length, chunk.length - rest.length, null);
    if (got === 0) break;
    left -= got;
    const bytes = chunk.subarray(0, rest.length + got);
    let [start, from] = [0, rest.length];
    for (let stop; (stop = bytes.indexOf(LINE_FEED, from)) !== -1; start = from = stop + 1) {
      lines += 1;
      take(bytes.subarray(start, stop));
    }
    rest = bytes.subarray(start);
    if (rest.length > MOST_LINE_MIB * MIB) throw tooLong(path, lines + 1);
  }
  return { hasRest: rest.length > 0 };
}

function boundedSize(stats: Stats, path: string): number {
  if (stats.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
  if (!stats.isFile()) {
    throw new RecordingError(
      `cannot read the recording ${path}: it is not a regular file, but ${kindOf(stats)}; name a .ndjson file that lastack wrote`,
      path,
    );
  }
  if (stats.size > MOST_MIB * MIB) {
    throw new RecordingError(
      `cannot read the recording ${path}: it is larger than ${MOST_MIB} MiB, and lastack reads no more; check the path`,
      path,
    );
  }
  return stats.size;
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return "a pipe";
  if (stats.isSocket()) return "a socket";
  return "a device";
}

function tooLong(path: string, line: number): RecordingError {
  return new RecordingError(
    `${path} line ${line}: it is longer than ${MOST_LINE_MIB} MiB, and no line of a recording is; name a .ndjson file that lastack wrote`,
    path,
    line,
  );
}
