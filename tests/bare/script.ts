import type { Account } from "./account.ts";

/** What a root is filled with: paths of this machine, and of the root. */
export interface Filling {
  /** The archive of a minimal Debian. */
  archive: string;
  node: string;
  npm: string;
  project: string;
  /** `~` is the account's home. */
  files: [from: string, to: string][];
}

/** Files in the project's folder that a fresh clone does not have. */
const NOT_CLONED = [".git", "node_modules", "dist", "dist.*", "results/runs", "*.tgz"];

/** Devices that programs expect. They come from the machine, because a folder for temporary files may not allow device files. */
const DEVICES = ["full", "null", "random", "tty", "urandom", "zero"];

/**
 * The sh script that makes a root in memory at `$1`, enters it for good, and runs each line in the project's folder, as the account's
 * owner. It writes the exit code of each line to descriptor 3, and stops at the first line that fails. It enters the root by pivot_root(8),
 * because in a chroot an ordinary user cannot create user namespaces.
 */
export function bareScript(filling: Filling, account: Account, lines: readonly string[]): string {
  return [
    ...["set -eu", "root=$1", 'mount -t tmpfs -o mode=755 tmpfs "$root"'],
    ...fill(filling, account),
    ...mounts(),
    ...['cd "$root"', "pivot_root . mnt", "umount -l /mnt", `cd ${clone(account)}`],
    "echo filled >&3",
    ...lines.flatMap((line) => [
      "code=0",
      `${asOwner(account)} sh -c ${quoted(line)} 3>&- || code=$?`,
      "echo $code >&3",
      "[ $code -eq 0 ] || exit 1",
    ]),
  ].join("\n");
}

function fill({ archive, node, npm, project, files }: Filling, account: Account): string[] {
  const { name, uid, home } = account;
  const copies = files.map(([from, to]) => {
    const target = `"$root"${quoted(to.replace("~", home))}`;
    return `if [ -f ${quoted(from)} ]; then install -D -m 644 ${quoted(from)} ${target}; fi`;
  });
  const without = NOT_CLONED.map((path) => `--exclude=${quoted(`./${path}`)}`).join(" ");
  const line = `${name}:x:${uid}:${uid}::${home}:/bin/sh`;
  return [
    `tar -x -f ${quoted(archive)} -C "$root"`,
    `install -D -m 755 ${quoted(node)} "$root/usr/local/bin/node"`,
    `mkdir -p "$root/usr/local/lib/node_modules" "$root${clone(account)}"`,
    `cp -r ${quoted(npm)} "$root/usr/local/lib/node_modules/npm"`,
    ...["npm", "npx"].map(
      (tool) => `ln -s ../lib/node_modules/npm/bin/${tool}-cli.js "$root/usr/local/bin/${tool}"`,
    ),
    `tar -c ${without} -C ${quoted(project)} . | tar -x --no-same-owner -C "$root${clone(account)}"`,
    ...copies,
    ...(uid === 0
      ? []
      : [`echo ${line} >> "$root/etc/passwd"`, `echo ${name}:x:${uid}: >> "$root/etc/group"`]),
    // The npm configuration may contain secrets of the user who runs this.
    `if [ -f "$root${home}/.npmrc" ]; then chmod 600 "$root${home}/.npmrc"; fi`,
    `chown -R ${uid}:${uid} "$root${home}"`,
  ];
}

function mounts(): string[] {
  return [
    'mount -t proc proc "$root/proc"',
    'mount --rbind /sys "$root/sys"',
    'mount -t tmpfs -o mode=755 tmpfs "$root/dev"',
    `for device in ${DEVICES.join(" ")}; do`,
    '  : > "$root/dev/$device"',
    '  mount --bind "/dev/$device" "$root/dev/$device"',
    "done",
    'mkdir "$root/dev/pts" "$root/dev/shm"',
    'mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"',
    'mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"',
    'ln -s pts/ptmx "$root/dev/ptmx"',
    'ln -s /proc/self/fd "$root/dev/fd"',
  ];
}

/** The command that drops root and sets the account's own environment; the rest of the environment stays. */
function asOwner({ name, uid, home, path }: Account): string {
  const own = `env PATH=${path} HOME=${home} USER=${name} LOGNAME=${name}`;
  return uid === 0 ? own : `setpriv --reuid=${uid} --regid=${uid} --clear-groups ${own}`;
}

function clone({ home }: Account): string {
  return `${home}/lastack`;
}

/** Quotes a word so that sh takes it literally. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
