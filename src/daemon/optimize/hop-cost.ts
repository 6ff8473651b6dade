import type { OptimizeSettings } from "../../shared/plot-settings.ts";
import { isSoft, type SoftLimits, sCurveS } from "../s-curve.ts";

/**
 * What it costs to get from the end of one stroke to the start of the next, s. A joinable gap is drawn on and costs (next to)
 * nothing: the pen need not be lifted. Any other costs the lift, the drop and the hop from standstill to standstill.
 *
 * A short hop takes `2 sqrt(d / accel)`. Searched directly, that root has shallow local optima everywhere: halving one hop pays
 * for doubling another. So the search sees its tangent at the typical hop of the drawing, which leads to shorter travel in the
 * same planned time.
 */
export class HopCost {
  /** What the search reckons with: the joinable gap, squared; any other hop, at no distance and for each mm. */
  readonly joinMm2: number;
  readonly fixedS: number;
  readonly sPerMm: number;
  readonly #settings: OptimizeSettings;

  /** @param typicalMm mean length of the hops that cannot be joined */
  constructor(settings: OptimizeSettings, typicalMm: number) {
    const { joinMm, penUp, penCycleS } = settings;
    this.#settings = settings;
    this.joinMm2 = joinMm * joinMm;
    if (isSoft(penUp)) {
      const { atNoneS, sPerMm } = softTangent(Math.max(1e-3, typicalMm), penUp);
      this.fixedS = penCycleS + atNoneS;
      this.sPerMm = sPerMm;
      return;
    }
    const fullSpeedMm = (penUp.speedMmPerS * penUp.speedMmPerS) / penUp.accelMmPerS2;
    const tangentMm = Math.max(1e-3, Math.min(typicalMm, fullSpeedMm));
    this.fixedS = penCycleS + Math.sqrt(tangentMm / penUp.accelMmPerS2);
    this.sPerMm = 1 / Math.sqrt(penUp.accelMmPerS2 * tangentMm);
  }

  /** The planned time itself, without the tangent. */
  planned(dx: number, dy: number): number {
    const { joinMm, penUp, penCycleS } = this.#settings;
    const distance = Math.hypot(dx, dy);
    if (distance <= joinMm) return distance * 1e-6;
    if (isSoft(penUp)) return penCycleS + sCurveS(distance, penUp);
    const { speedMmPerS: speed, accelMmPerS2: accel } = penUp;
    if (distance < (speed * speed) / accel) return penCycleS + 2 * Math.sqrt(distance / accel);
    return penCycleS + distance / speed + speed / accel;
  }
}

/** The tangent of an S-curve's time at a length: what it says of no length at all, and for each mm. */
function softTangent(lengthMm: number, limits: SoftLimits): { atNoneS: number; sPerMm: number } {
  const aroundMm = lengthMm * 1e-4;
  const longerS = sCurveS(lengthMm + aroundMm, limits);
  const shorterS = sCurveS(lengthMm - aroundMm, limits);
  const sPerMm = (longerS - shorterS) / (2 * aroundMm);
  return { atNoneS: (longerS + shorterS) / 2 - sPerMm * lengthMm, sPerMm };
}
