import { closeSync, constants, openSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Header } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import { makeFolders } from "./folder.ts";
import { recordingLine } from "./line.ts";
import { type RecordingError, writingFailed } from "./recording-error.ts";

/**
 * An append-only recording. What `append` has returned from is with the kernel, so it outlives this process. After a
 * write has failed the file may end in half a line: every later `append` throws the same error, so that the half line
 * stays the last one, and the reader finds a recording without its `end`.
 */
export interface RecordingWriter {
  readonly path: string;
  /** Throws a RecordingError when the disk does not take it, or after `close`. */
  append(sample: Sample): void;
  /** Closes the file; a second call does nothing. Throws a RecordingError when the file system reports a late failure. */
  close(): void;
}

/**
 * Makes the file (with its folders) and writes the header. Never overwrites: O_EXCL. A file whose header could not be
 * written is taken away again. Throws a RecordingError that says what, where, why, and what next.
 */
export function openRecording(path: string, header: Header): RecordingWriter {
  const fd = create(path);
  try {
    writeWhole(fd, recordingLine(header));
  } catch (error) {
    closeSync(fd);
    rmSync(path, { force: true });
    throw writingFailed("write the recording", path, error);
  }
  return new FileWriter(path, fd);
}

class FileWriter implements RecordingWriter {
  readonly path: string;
  #fd: number | null;
  #broken: RecordingError | null = null;

  constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
  }

  append(sample: Sample): void {
    if (this.#broken !== null) throw this.#broken;
    try {
      if (this.#fd === null) throw new Error("it is closed already");
      writeWhole(this.#fd, recordingLine(sample));
    } catch (error) {
      this.#broken = writingFailed("go on writing the recording", this.path, error);
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

/** write(2) may take only a part, as on a disk that is about to be full; the call for the rest then says why. */
function writeWhole(fd: number, line: string): void {
  const bytes = Buffer.from(line);
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written);
}
