import { closeSync, constants, openSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Header } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import { makeFolders } from "./folder.ts";
import { recordingLine } from "./line.ts";
import { type RecordingError, writingFailed } from "./recording-error.ts";
import { Seal } from "./seal.ts";

/**
 * An append-only recording; every line has a seal (seal.ts). When `append` returns, the kernel has the line, so the line is not lost when this process dies. After a
 * failed write the file can end in half a line. Then every later `append` throws the same error: the half line stays the last line,
 * and a reader finds a recording without its `end`.
 */
export interface RecordingWriter {
  readonly path: string;
  /** Throws a RecordingError when the write fails, or after `close`. */
  append(sample: Sample): void;
  /** Closes the file; a second call does nothing. Throws a RecordingError when the file system reports a late failure. */
  close(): void;
}

/**
 * Makes the file and its folders, and writes the header. An existing file is never overwritten (O_EXCL). When the header cannot be
 * written, the file is removed again. Throws a RecordingError that says what, where, why, and what to do.
 */
export function openRecording(path: string, header: Header): RecordingWriter {
  const fd = create(path);
  const seal = new Seal();
  try {
    writeWhole(fd, recordingLine(header, seal));
  } catch (error) {
    closeSync(fd);
    rmSync(path, { force: true });
    throw writingFailed("write the recording", path, error);
  }
  return new FileWriter(path, fd, seal);
}

class FileWriter implements RecordingWriter {
  readonly path: string;
  #fd: number | null;
  #broken: RecordingError | null = null;
  readonly #seal: Seal;

  constructor(path: string, fd: number, seal: Seal) {
    this.path = path;
    this.#seal = seal;
    this.#fd = fd;
  }

  append(sample: Sample): void {
    if (this.#broken !== null) throw this.#broken;
    try {
      if (this.#fd === null) throw new Error("it is already closed");
      writeWhole(this.#fd, recordingLine(sample, this.#seal));
    } catch (error) {
      this.#broken = writingFailed("continue the recording", this.path, error);
      throw this.#broken;
    }
  }

  close(): void {
    if (this.#fd === null) return;
    const fd = this.#fd;
    this.#fd = null;
    try {
      closeSync(fd);
    } catch (error) {
      throw writingFailed("finish the recording", this.path, error);
    }
  }
}

function create(path: string): number {
  try {
    makeFolders(dirname(path));
    return openSync(
      path,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND,
      0o644,
    );
  } catch (error) {
    throw writingFailed("make the recording", path, error);
  }
}

/** Writes a whole line. write(2) can take only a part of it, as on an almost full disk. The call for the rest then fails with the reason. */
function writeWhole(fd: number, line: string): void {
  const bytes = Buffer.from(line);
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written);
}
