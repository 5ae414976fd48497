/** Somebody who has an account in the root. */
export interface Account {
  /** As sentences name it. */
  who: string;
  name: string;
  uid: number;
  home: string;
  /** An ordinary user's has no folders of system programs: login.defs(5). */
  path: string;
}

export const ACCOUNTS: Record<"root" | "ordinary", Account> = {
  root: {
    who: "root",
    name: "root",
    uid: 0,
    home: "/root",
    path: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  },
  ordinary: {
    who: "an ordinary user",
    name: "newcomer",
    uid: 1000,
    home: "/home/newcomer",
    path: "/usr/local/bin:/usr/bin:/bin",
  },
};
