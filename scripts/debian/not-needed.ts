/** The parts of a Debian that no program needs. */
const NOT_NEEDED = [
  ...["./usr/share/doc", "./usr/share/man", "./usr/share/locale", "./var/cache/apt"],
  "./var/lib/apt/lists",
];

/** The options of tar(1) that leave them out. */
export const WITHOUT_NOT_NEEDED = NOT_NEEDED.map((path) => `--exclude=${path}`);
