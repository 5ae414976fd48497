import { expect, test } from "vitest";
import { reference, settled } from "./settled.ts";

/**
 * What a claim comes to if a trial had shown what another trial shows: two lines for each, first the claim, its verdict and what that
 * would mean; then the trials, each with the one whose recording replaces it, or `nothing`.
 */
const OTHERWISE = `
C01 holds if no listener ever drops a SYN
  accept-queue-overflow/buggy = accept-queue-overflow/fixed
C02 holds if nothing delays a handshake
  handshake/accepted = syn-ack-lost/third-segment-lost = phantom-established/buggy = handshake-otherwise/deferred = handshake-otherwise/quick
C02 refuted if a short handshake takes long
  handshake-otherwise/quick = handshake/accepted
C03 holds if the SYNs are sent and do not cross
  handshake-otherwise/crossing-syns = handshake/accepted, handshake-otherwise/no-neighbour = last-ack-lost/port-used-again
C04 refuted if a FIN waits for its acknowledgement
  handshake-otherwise/quick = simultaneous-close/both
C06 inconclusive if a recording is missing
  teardown/at-once = nothing
C07 holds if both FINs always arrive and are sent at once
  closing-otherwise/fin-lost = closing-otherwise/window-shut = simultaneous-close/both
C07 refuted if a FIN is lost where both close at once
  simultaneous-close/both = closing-otherwise/fin-lost
C08 refuted if a kernel delays a FIN
  closing-otherwise/stopped = closing-otherwise/overtaken
C09 holds if an acknowledgement always arrives
  closing-otherwise/unanswered = last-ack-lost/no-time-wait = teardown/later
C12 holds if the server closes later, which takes four segments
  teardown/at-once = closing-otherwise/http = teardown/later
C13 refuted if a server answers the repeated SYN
  handshake-otherwise/two-way-deaf = handshake-otherwise/two-way-again
C200 holds with room in the queue and without deferred accept
  phantom-established/buggy = handshake-otherwise/deferred = handshake/accepted
C203 holds if no end has shut down its direction
  closing-otherwise/half-closed = syn-received-held/one-retry

C14c inconclusive if a recording is missing
  time-wait-length/default = nothing
C14c holds-with-limits if no RST arrives
  time-wait-answers/reset = time-wait-answers/late-fin
C14c holds if no FIN is repeated either: TIME-WAIT always lasts a minute
  time-wait-answers/reset = time-wait-answers/five-lost = time-wait-answers/late-fin
C17 refuted if tcp_fin_timeout has another default
  time-wait-length/default = time-wait-length/fin-timeout-30
C18 refuted if probes end a FIN-WAIT-2 that the claim calls unlimited
  time-wait-length/default = fin-wait-2-limits/probed
C18 holds if neither probes nor the program end it
  fin-wait-2-limits/probed = fin-wait-2-limits/unprobed, fin-wait-2-pileup/fixed = fin-wait-2-pileup/buggy
C19 refuted if tcp_fin_timeout has another default
  time-wait-length/default = time-wait-length/fin-timeout-30
C19 holds if it is the default whatever is set
  time-wait-length/fin-timeout-30 = time-wait-length/all-else = time-wait-length/default
C20 refuted if the other end closes first
  teardown/at-once = teardown/server-first
C21 holds if the client closes first
  http-first-close/http-1.0 = linger-zero-reset/buggy = teardown/at-once
C22 refuted if the client closes first
  http-first-close/http-1.0 = http-first-close/keep-alive
C22 holds if the server always closes first
  http-first-close/keep-alive = http-first-close/idle = http-first-close/connection-close
C23 refuted if the server closes first
  http-first-close/keep-alive = http-first-close/connection-close
C24b refuted if a limit caps the pile all the time
  time-wait-rate/steady = time-wait-rate/capped
C34 refuted if the repeated FIN meets no TIME-WAIT
  last-ack-lost/time-wait = last-ack-lost/no-time-wait
C36 refuted if the repeated FIN meets no TIME-WAIT
  last-ack-lost/time-wait = last-ack-lost/no-time-wait
C34 holds if the repeated FIN never arrives too late
  time-wait-answers/late-fin = time-wait-answers/five-lost
C36 holds if the repeated FIN never arrives too late
  time-wait-answers/late-fin = time-wait-answers/five-lost

C25 holds if a server waits longer than its clients
  keep-alive-gap/idle-limit-shorter = keep-alive-gap/idle-limit-longer
C26 refuted if a pile at the server slows connections down
  time-wait-pile/at-the-server = time-wait-pile/at-the-client
C28a refuted if ports in TIME-WAIT are used again
  ephemeral-port-exhaustion/buggy = ephemeral-port-exhaustion/fixed-by-reuse
C28c holds if ports in TIME-WAIT are used again
  ephemeral-port-exhaustion/buggy = ephemeral-port-exhaustion/fixed-by-reuse
C29 holds if FIN-WAIT-2 does not count towards the limit
  time-wait-limit/held-by-fin-wait-2 = time-wait-limit/few-ports
C29 refuted if there is no limit
  time-wait-limit/above = time-wait-limit/below
C30 holds if the default is 0
  time-wait-reuse/default = time-wait-reuse/off, time-wait-reuse/default-on-loopback = time-wait-reuse/loopback-without-timestamps
C31 holds if a port that was bound also waits for a second
  time-wait-reuse/port-by-name = time-wait-reuse/on
C31 refuted if 1 does nothing
  time-wait-reuse/on = time-wait-reuse/off
C32 refuted if a port is used again without timestamps
  time-wait-reuse/server-without-timestamps = time-wait-reuse/on
C32 inconclusive if a recording is missing
  time-wait-reuse/on = nothing
C105 obsolete if a recording is missing: it stays obsolete
  nat-shares-ports/two-clients = nothing
C220 holds if a connection has no other protection
  old-duplicate/timestamps = old-duplicate/clock = old-duplicate/no-guard
C223 refuted without timestamps
  old-duplicate/timestamps = old-duplicate/no-guard

C37 refuted if the kernel probed by itself: CLOSE-WAIT would end
  close-wait-ends/defaults = close-wait-ends/probes
C39 holds-with-limits if the kernel probed by itself: the sysctls would help
  close-wait-ends/no-probes = close-wait-ends/probes
C40a refuted if there are enough descriptors: a pile keeps no client out
  close-wait-exhaustion/drops = close-wait-exhaustion/room
C40b holds-with-limits without a restart: clients after the first failed one are not served
  close-wait-exhaustion/restarted = close-wait-exhaustion/drops
C42 holds if a FIN did arrive: there was CLOSE-WAIT
  half-open-idle/buggy = half-open-writer/buggy = close-wait-leak/buggy
C42 inconclusive if a recording is missing
  half-open-idle/buggy = nothing
C45 refuted if no descriptor is shared: close() closes it
  forked-child-holds-connection/buggy = forked-child-holds-connection/fixed-by-cloexec
C46 refuted if a connection that is not shut down stays
  shared-descriptor/shutdown-write = shared-descriptor/close
C46 holds if every way of shutdown() sends a FIN
  shared-descriptor/shutdown-read = shared-descriptor/shutdown-both
C103 refuted if the server gives up slow clients: no client keeps it in CLOSE-WAIT
  close-wait-held/buggy = close-wait-held/fixed
C230 refuted if input is unread: close() sends no FIN
  passive-close/answer-then-close = passive-close/unread
C232 holds-with-limits if a peer that accepts no more data has closed
  passive-close/answer-then-close = passive-close/peer-closed

C47 refuted with SO_LINGER {1, 0}
  linger/off = linger/zero
C47 holds if nothing is left unread
  reset-on-unread-data/buggy = reset-on-unread-data/fixed
C48 holds if the client only shuts down
  half-close/close = half-close/shutdown-write
C48 refuted if the client closes
  half-close/shutdown-write = half-close/close
C49a refuted if input is unread
  process-ends/all-read = process-ends/unread-input
C49b holds if input is unread
  process-ends/all-read = process-ends/unread-input
C50 refuted without the option
  linger/zero = linger/off
C50 holds if the connection still exists
  linger/zero-after-both-ended = linger/zero
C51 holds-with-limits if nothing is acknowledged
  linger/seconds = linger/seconds-unanswered
C52 holds without the option
  linger/zero = linger/off
C61 holds if the server still has the descriptor
  last-ack-lost/no-time-wait = last-ack-lost/no-time-wait-and-kept
C240 refuted with SO_LINGER {1, 0}
  linger/off = linger/zero
C241 holds with SO_LINGER {1, 3}
  linger/off = linger/seconds
C243 refuted with SO_LINGER {1, 0}
  linger/off = linger/zero

C63 refuted if old segments are kept out without TIME-WAIT
  old-duplicate/no-guard = old-duplicate/timestamps
C64 refuted if timestamps keep nothing out
  old-duplicate/timestamps = old-duplicate/no-guard
C104 refuted if timestamps keep nothing out
  old-timestamp/data = old-timestamp/data-no-timestamps
C104 holds if the timestamp of a RST is checked too
  old-timestamp/reset = old-timestamp/data
C65 refuted if only the timestamp of a SYN counts
  syn-on-time-wait/higher = syn-on-time-wait/higher-older-timestamp
C65 holds if the timestamp of a SYN does not count
  syn-on-time-wait/higher-older-timestamp = syn-on-time-wait/higher
C71 refuted if the connecting end cannot begin a second connection without timestamps
  fixed-client-port/defaults = fixed-client-port/no-timestamps
C67 holds if the connecting end cannot begin a second connection without timestamps
  fixed-client-port/defaults = fixed-client-port/no-timestamps, syn-on-time-wait/higher = syn-on-time-wait/higher-older-timestamp
C69 refuted if a crash blocks no port
  bind-again/neither = bind-again/client-closed
C69 refuted if a new option frees no old port
  bind-again/both = bind-again/successor-only
C69 inconclusive if a recording is missing
  bind-again/neither = nothing
C102 inconclusive if a recording is missing
  bind-again/all-states = nothing
C252 refuted if ports are chosen in rising order
  client-ports/destinations = client-ports/one-destination

C76 holds if SYNs are retried five times and each wait is doubled
  handshake-retries/defaults = handshake-retries/doubling
C77 holds if a crowded listener drops no client
  syn-queue-length/short-backlog = syn-queue-length/wide
C78 holds if the backlog is no limit
  syn-queue-length/cookies-wide-sysctl = syn-queue-length/narrow-sysctl = syn-queue-length/wide
C79 holds if the sysctl alone never helps
  syn-queue-length/narrow-sysctl = syn-queue-length/wide
C79 refuted if the sysctl helps by default
  syn-queue-length/cookies-wide-sysctl = syn-queue-length/wide
C81a holds if no client is known
  syn-queue-length/narrow-sysctl-known-client = syn-queue-length/narrow-sysctl
C81a refuted if there is room
  syn-queue-length/short-backlog = syn-queue-length/wide
C81b refuted if 2 does the same as 1
  syn-queue-length/cookies-always = syn-queue-length/cookies
C81c holds if cookies are off
  handshake-retries/defaults = syn-queue-length/short-backlog
C260 holds if the accept queue has room
  accept-queue-length/cookies-always = accept-queue-length/both-large
C264 refuted if the number of retries changes nothing
  syn-unanswered/one-retry = syn-unanswered/two-retries
C80 refuted if a running listener follows the sysctl
  listener-backlog/somaxconn-raised = listener-backlog/backlog-raised-reload
C83 refuted if the backlog is not limited
  accept-queue-length/somaxconn-4 = accept-queue-length/both-large
C84 holds if no connection waits for accept()
  handshake/nobody-accepts = accept-queue-length/both-large = handshake/accepted
C263 refuted if no connection waits for accept()
  handshake/nobody-accepts = accept-queue-length/both-large = handshake/accepted
C85a holds if somaxconn is 128
  listener-backlog/nginx = listener-backlog/somaxconn-raised
C85b refuted if nginx asks for 5
  listener-backlog/nginx = listener-backlog/python
C85b inconclusive without Python
  listener-backlog/python = nothing, listener-backlog/somaxconn-raised = listener-backlog/nginx
C87 refuted if tcp_abort_on_overflow does nothing
  third-segment-refused/abort = third-segment-refused/dropped
C88 holds if requests are never dropped
  third-segment-refused/given-up = third-segment-refused/dropped
C88 refuted if requests are dropped at once
  third-segment-refused/dropped = third-segment-refused/given-up
C90 holds if no client is reset
  third-segment-refused/abort = third-segment-refused/dropped
C90 refuted if the queue has room
  accept-queue-overflow/buggy = accept-queue-overflow/fixed-by-backlog
C106 refuted if the counter changes without an overflow
  accept-queue-length/both-large = accept-queue-length/backlog-4
C261 refuted if the client is not reset
  third-segment-refused/abort = third-segment-refused/dropped
C262 refuted if the client is not reset
  phantom-established/fixed-by-abort = phantom-established/buggy

C91 refuted if the client does not use its cookie and saves nothing
  fast-open/with-cookie = fast-open/plain
C92 refuted with tcp_fastopen 0x203 at the server
  fast-open-switches/forged = fast-open-switches/unchecked
C92 holds without it
  fast-open-switches/unchecked = fast-open-switches/forged
C201 refuted if a server answers after the handshake
  fast-open/with-cookie = fast-open/another-key
C95 refuted without probes: dead and living peers cannot be distinguished
  half-open-idle/fixed-by-keepalive = half-open-idle/buggy
C96 refuted with an idle timeout: it also removes the living peer
  half-open-idle/fixed-by-keepalive = half-open-idle/fixed
C97 holds with times of seconds instead of hours, and no data under way
  keep-alive-probes/defaults = keep-alive-probes/data-under-way = keep-alive-probes/three-probes
C97 refuted if a kernel sends no probes
  keep-alive-probes/three-probes = keep-alive-probes/data-under-way

C98 refuted if more descriptors help no client
  connection-limits/many-descriptors = idle-connection-hoard/buggy
C99 holds if all servers behave alike
  http-keep-alive/python-http-1.1 = http-keep-alive/nginx
C99 refuted if Node behaves differently
  http-keep-alive/node = http-keep-alive/python-http-1.1
C273 holds if all servers behave alike
  http-keep-alive/python = http-keep-alive/node
C273 refuted if Node behaves differently
  http-keep-alive/node = http-keep-alive/python
C100a refuted if a page loads as fast over short connections
  web-visits/page-kept = web-visits/page-short
C100a holds if visitors profit too
  web-visits/visitors-kept = web-visits/page-kept
C100b holds if a page loads faster over short connections
  web-visits/page-kept = web-visits/page-short, web-visits/page-short = web-visits/page-kept
C101 refuted if a program stalls in spite of TCP_NODELAY
  nagle-delayed-ack/fixed = nagle-delayed-ack/buggy
C101 refuted if a program never stalls
  nagle-delayed-ack/buggy = nagle-delayed-ack/fixed
C107 holds if the cure has no gap
  connection-limits/trickle = idle-connection-hoard/fixed
C107 refuted if the cure has no effect
  idle-connection-hoard/fixed = connection-limits/trickle
C108 holds if the cure has no gap
  connection-limits/many-machines = connection-limits/shared-address = idle-connection-hoard/fixed-by-limit
C108 refuted if the cure has no effect
  idle-connection-hoard/fixed-by-limit = idle-connection-hoard/buggy
C270 refuted with tcp_tw_reuse = 1
  ephemeral-port-exhaustion/buggy = ephemeral-port-exhaustion/fixed-by-reuse
C270 holds if tcp_tw_reuse changes nothing
  ephemeral-port-exhaustion/fixed-by-reuse = short-against-long/short-tcp = ephemeral-port-exhaustion/buggy
C271 refuted if short connections stay open
  connection-limits/short = connection-limits/short-silent
C272 refuted if kept connections need no memory
  connection-memory/kept = connection-memory/closed, connection-memory/closed = connection-memory/kept
`;

const cases = [...OTHERWISE.matchAll(/^(C\w+) (\S+) (.+)\n {2}(.+)$/gm)].map(
  ([, id = "", verdict = "", reason = "", replaced = ""]) => {
    // In `a = b = c`, both a and b are replaced by c.
    const others = replaced.split(", ").flatMap((chain) => {
      const trials = chain.split(" = ");
      const last = trials.pop() ?? "";
      return trials.map((trial) => [trial, last === "nothing" ? null : reference(last)] as const);
    });
    return { id, verdict, reason, others };
  },
);

test("every trial that replaces another has a recording", () => {
  expect(cases).toHaveLength(OTHERWISE.match(/^C/gm)?.length ?? 0);
  const missing = cases.filter(
    ({ verdict, others }) => others.some(([, one]) => one === null) && !/inconclusive|obsolete/.test(verdict),
  );
  expect(missing).toEqual([]);
});

test.each(cases)("$id $verdict $reason", ({ id, verdict, others }) => {
  expect(settled(id, Object.fromEntries(others)).verdict).toBe(verdict);
});
