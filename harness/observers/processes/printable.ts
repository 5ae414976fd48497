/**
 * What a process calls itself, from bytes of /proc that were read as latin1: as UTF-8, with a question mark for each character that a
 * terminal would obey instead of printing it. Any program can choose its name and its command line.
 */
export function printable(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8").replaceAll(/\p{C}/gu, "?");
}
