import { RecordingError } from "./recording-error.ts";

/** The RecordingError that a function throws. Throws another error when there was none. */
export function refusal(f: () => unknown): RecordingError {
  try {
    f();
  } catch (error) {
    if (error instanceof RecordingError) return error;
    throw error;
  }
  throw new Error("no RecordingError was thrown");
}
