/** A recording cannot be written or read, or is damaged. The message is one sentence: what, where, why, and what to do. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
  readonly file: string;
  /** The number of the damaged line, from 1; null when the error is about the whole file. */
  readonly line: number | null;

  constructor(message: string, file: string, line: number | null = null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.file = file;
    this.line = line;
  }
}

const OTHER_FOLDER = "choose another folder with --out";

/** For a failed write: what an errno means, and what to do. Names and meanings: errno(3), open(2), write(2). */
const WRITING: Record<string, [why: string, next: string]> = {
  ENOSPC: ["no space is left on that disk", `free some, or ${OTHER_FOLDER}`],
  EDQUOT: ["the user's disk quota is used up", `free some, or ${OTHER_FOLDER}`],
  EFBIG: ["the file would be larger than the limit of this process", "raise the limit (ulimit -f)"],
  EACCES: ["this user has no permission to write there", `change the permissions, or ${OTHER_FOLDER}`],
  EPERM: ["the system does not permit writing there", OTHER_FOLDER],
  EROFS: ["that file system is read-only", OTHER_FOLDER],
  ENOTDIR: ["a part of the path is a file and not a folder", OTHER_FOLDER],
  ENOENT: ["the system lets nobody make a file or a folder there", OTHER_FOLDER],
  EEXIST: [
    "something with that name already exists, and lastack overwrites nothing",
    `move it away, or ${OTHER_FOLDER}`,
  ],
  EMFILE: ["this process has no descriptor left", "raise the limit (ulimit -n)"],
  ENFILE: ["the system has no descriptor left", "close some files, and try again"],
  ENAMETOOLONG: ["the path is too long", OTHER_FOLDER],
  EIO: ["the disk failed", OTHER_FOLDER],
};

const READING: Record<string, [why: string, next: string]> = {
  ENOENT: ["there is no such file", "recordings are under results/runs"],
  EACCES: ["this user has no permission to read it", "change its permissions, or read it as its owner"],
  EISDIR: ["it is a folder", "name one of the .ndjson files in it"],
  ENOTDIR: ["a part of the path is a file and not a folder", "check the path"],
};

/** The error for a failed write. `what` completes "cannot ..."; the path is appended to it. */
export function writingFailed(what: string, path: string, error: unknown): RecordingError {
  return failed(what, path, error, WRITING);
}

/** The error for a failed read. `what` completes "cannot ..."; the path is appended to it. */
export function readingFailed(what: string, path: string, error: unknown): RecordingError {
  return failed(what, path, error, READING);
}

function failed(
  what: string,
  path: string,
  error: unknown,
  meanings: Record<string, [string, string]>,
): RecordingError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const meaning = meanings[code];
  const why =
    meaning === undefined
      ? error instanceof Error
        ? error.message
        : String(error)
      : `${meaning[0]} (${code})`;
  const next = meaning === undefined ? "" : `; ${meaning[1]}`;
  return new RecordingError(`cannot ${what} ${path === "" ? '""' : path}: ${why}${next}`, path, null, error);
}
