import { type Doubt, grave, MISSING, TIMES } from "./doubt.ts";
import type { LoadPlan } from "./load-plan.ts";
import type { LoadRun } from "./load-run.ts";
import { keptSeconds, portsRunLow, slowFrom, sustainedPerSecond, type PortUse } from "./ports.ts";
import type { LoadFigures } from "./result.ts";
import { ms, number, percent } from "./wording.ts";

/** What is wrong with a load because of its ports: they ran out, or connect() was slow, or was about to be. All that is said of them. */
export function portDoubt({ ports, seconds }: LoadFigures, { plan }: LoadRun): Doubt | null {
  if (ports.exhausted > 0) return noPorts(ports, plan);
  if (seconds > 0 && wereSlow(ports, seconds)) return slow(ports, seconds, plan);
  return portsRunLow(ports) ? runLow(ports) : null;
}

/** Whether connect() was slow for so much of the measured seconds that neither rate nor times are the server's. */
export function wereSlow({ slowMs }: PortUse, seconds: number): boolean {
  return slowMs > MISSING * seconds * 1000;
}

function noPorts(ports: PortUse, { to }: LoadPlan): Doubt {
  const { usable, low, high, states, most } = ports;
  const held = Object.entries(states)
    .map(([state, count]) => `${number(count)} ${state}`)
    .join(", ");
  const all = most >= usable ? "all in use" : `${number(most)} seen in use`;
  const inUse = most === 0 ? "none seen in use by" : `${all}: ${held} of`;
  return grave(
    `The ports ran out: ${number(usable)} ${usable === 1 ? "port" : "ports"} (net.ipv4.ip_local_port_range ${low} to ${high}), ` +
      `${inUse} this side towards ${to.address} port ${to.port}. ` +
      `${number(ports.exhausted)} ${ports.exhausted === 1 ? "attempt" : "attempts"} found no port (connect EADDRNOTAVAIL), so the rate is how fast ports become free: ` +
      `${number(usable)} in ${keptSeconds(ports)} s.`,
    ["perSecond"],
  );
}

/** With a rate, the load sets the rate itself: only its times are those of connect(). */
function slow(ports: PortUse, seconds: number, { ratePerSecond }: LoadPlan): Doubt {
  const { slowMs, mostTaken, usable, low, high } = ports;
  const what = ratePerSecond > 0 ? "the times are" : "the rate and the times are";
  const keptS = keptSeconds(ports);
  return grave(
    `The ports limited the load: for ${percent(slowMs / 1000 / seconds)} of the time, ${number(slowFrom(usable) ?? 0)} or more of ` +
      `${number(usable)} ports towards the target were taken (at most ${number(mostTaken)}). Each connect() then tries the ports of ` +
      `one parity in vain, so ${what} not the server's. A port is free again after ${keptS} s, so connect() stays quick with up to ` +
      `${number(sustainedPerSecond(usable, keptS))} connections a second. More threads do not help: open fewer connections (--rate, ` +
      `or --mode keep-alive), or widen net.ipv4.ip_local_port_range (${low} to ${high}).`,
    ratePerSecond > 0 ? TIMES : ["perSecond", ...TIMES],
  );
}

function runLow({ mostTaken, usable, slowMs }: PortUse): Doubt {
  const lasted = slowMs > 0 ? `, as it was for ${ms(slowMs)}` : "";
  return {
    because:
      `${number(mostTaken)} of ${number(usable)} ports towards the target were taken. From ${number(slowFrom(usable) ?? 0)} on, ` +
      `connect() is slow${lasted}, because it tries every port of one parity in vain.`,
    figures: [],
    grave: false,
  };
}
