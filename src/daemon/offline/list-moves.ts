import { type MotionPlan, type MoveKind, strokeCount } from "../../shared/plan.ts";
import { trapezoidS } from "../motion/trapezoid.ts";
import { travelTimeS } from "../motion/travel-time.ts";

type Pair = [number, number];

/** One move as `plan --stage motion` lists it; a stroke's draw move is listed segment by segment. */
export interface ListedMove {
  readonly kind: MoveKind | "dwell";
  readonly from: Pair;
  readonly to: Pair;
  readonly start_s: number;
  readonly duration_s: number;
}

/** All moves of a plan in order; each starts when and where the one before it ends. */
export function* listMoves(plan: MotionPlan): Generator<ListedMove> {
  let at: Pair = [0, 0];
  let clockS = 0;
  const move = (kind: ListedMove["kind"], to: Pair, durationS: number): ListedMove => {
    const listed = { kind, from: at, to, start_s: clockS, duration_s: durationS };
    at = to;
    clockS += durationS;
    return listed;
  };
  for (let s = 0; s < strokeCount(plan); s++) {
    const { pen, waitS = 0, firstStroke } = plan.layers[plan.strokeLayer[s]!]!;
    const [first, end] = [plan.strokeStart[s]!, plan.strokeStart[s + 1]!];
    const start = pointOf(plan, first);
    if (s === firstStroke && waitS > 0) yield move("dwell", at, waitS);
    yield move("travel", start, travelTimeS(Math.hypot(start[0] - at[0], start[1] - at[1]), plan));
    yield move("drop", at, pen.dropS);
    for (let p = first + 1; p < end; p++) {
      const to = pointOf(plan, p);
      const lengthMm = Math.hypot(to[0] - at[0], to[1] - at[1]);
      const [entry, exit] = [plan.speeds[p - 1]!, plan.speeds[p]!];
      yield move("draw", to, trapezoidS(lengthMm, entry, exit, pen.speedMmPerS, pen.accelMmPerS2));
    }
    yield move("lift", at, pen.liftS);
  }
  yield move("travel", [0, 0], travelTimeS(Math.hypot(at[0], at[1]), plan));
}

function pointOf(plan: MotionPlan, point: number): Pair {
  return [plan.points[2 * point]!, plan.points[2 * point + 1]!];
}
