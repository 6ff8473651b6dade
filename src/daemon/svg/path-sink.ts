/** What a shape is told in: user units, absolute coordinates. Every shape and path data speak to this. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  quadTo(x1: number, y1: number, x: number, y: number): void;
  cubicTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  /** @param turnDeg the ellipse's own x axis against the user's */
  arcTo(rx: number, ry: number, turnDeg: number, large: boolean, sweep: boolean, x: number, y: number): void;
  close(): void;
}
