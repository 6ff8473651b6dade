/** An arc as a piece of a turned ellipse: angles are parameters of the ellipse, not directions. */
export interface EllipseArc {
  readonly cx: number;
  readonly cy: number;
  readonly rx: number;
  readonly ry: number;
  readonly turnRad: number;
  readonly startRad: number;
  /** Positive: clockwise on screen. */
  readonly sweepRad: number;
}

/**
 * From end points to centre: SVG 2, B.2.4 and B.2.5. Radii that are too small grow until the arc reaches.
 *
 * @returns undefined for a radius of 0, which SVG draws as a straight line
 */
export function ellipseOfArc(
  fromX: number,
  fromY: number,
  rxGiven: number,
  ryGiven: number,
  turnDeg: number,
  large: boolean,
  sweep: boolean,
  toX: number,
  toY: number,
): EllipseArc | undefined {
  let rx = Math.abs(rxGiven);
  let ry = Math.abs(ryGiven);
  if (rx === 0 || ry === 0) return undefined;
  const turnRad = ((turnDeg % 360) * Math.PI) / 180;
  const cos = Math.cos(turnRad);
  const sin = Math.sin(turnRad);
  const halfX = (fromX - toX) / 2;
  const halfY = (fromY - toY) / 2;
  const x1 = cos * halfX + sin * halfY;
  const y1 = -sin * halfX + cos * halfY;
  const reach = (x1 / rx) ** 2 + (y1 / ry) ** 2;
  if (reach > 1) {
    rx *= Math.sqrt(reach);
    ry *= Math.sqrt(reach);
  }
  const ratio = (x1 / rx) ** 2 + (y1 / ry) ** 2;
  const offset = Math.sqrt(Math.max(0, 1 / ratio - 1)) * (large === sweep ? -1 : 1);
  const centreX = (offset * rx * y1) / ry;
  const centreY = (-offset * ry * x1) / rx;
  const startRad = Math.atan2((y1 - centreY) / ry, (x1 - centreX) / rx);
  const endRad = Math.atan2((-y1 - centreY) / ry, (-x1 - centreX) / rx);
  let sweepRad = endRad - startRad;
  if (sweep && sweepRad < 0) sweepRad += 2 * Math.PI;
  if (!sweep && sweepRad > 0) sweepRad -= 2 * Math.PI;
  const cx = cos * centreX - sin * centreY + (fromX + toX) / 2;
  const cy = sin * centreX + cos * centreY + (fromY + toY) / 2;
  if (!Number.isFinite(cx + cy + rx + ry + sweepRad)) return undefined;
  return { cx, cy, rx, ry, turnRad, startRad, sweepRad };
}
