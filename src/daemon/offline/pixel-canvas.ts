export type Rgb = readonly [red: number, green: number, blue: number];

/** White paper of pixels, on which round pens draw with smooth edges. */
export class PixelCanvas {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  /** How much of each pixel the pen in use has covered, 0…255: where it crosses itself, it gets no darker. */
  readonly #covered: Uint8Array;
  #top: number;
  #bottom = -1;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.rgb = new Uint8Array(width * height * 3).fill(255);
    this.#covered = new Uint8Array(width * height);
    this.#top = height;
  }

  /** A line with round ends, all in pixels; a dot where both ends are one place. @param pen its diameter, above 0 */
  line(x0: number, y0: number, x1: number, y1: number, pen: number): void {
    const radius = Math.max(pen, 1) / 2;
    const strength = 255 * Math.min(1, pen); // a pen thinner than a pixel is a faint one
    const reach = radius + 1;
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
    const bottom = Math.min(this.height - 1, Math.ceil(Math.max(y0, y1) + reach));
    const dx = x1 - x0;
    const dy = y1 - y0;
    const length2 = dx * dx + dy * dy || 1;
    for (let y = top; y <= bottom; y++) {
      const [from, to] = rowSpan(x0, dx, y0, dy, y + 0.5, reach);
      for (let x = Math.max(0, from); x <= Math.min(this.width - 1, to); x++) {
        const px = x + 0.5 - x0;
        const py = y + 0.5 - y0;
        const t = Math.min(1, Math.max(0, (px * dx + py * dy) / length2));
        const share = radius + 0.5 - Math.hypot(px - t * dx, py - t * dy);
        if (share > 0) this.#cover(y * this.width + x, Math.min(1, share) * strength);
      }
    }
    this.#top = Math.min(this.#top, top);
    this.#bottom = Math.max(this.#bottom, bottom);
  }

  /** Colours what was drawn since the last ink, over all that lies below. */
  ink([red, green, blue]: Rgb): void {
    for (let at = this.#top * this.width; at < (this.#bottom + 1) * this.width; at++) {
      const share = this.#covered[at]! / 255;
      if (share === 0) continue;
      this.#mix(3 * at, red, share);
      this.#mix(3 * at + 1, green, share);
      this.#mix(3 * at + 2, blue, share);
      this.#covered[at] = 0;
    }
    this.#top = this.height;
    this.#bottom = -1;
  }

  #cover(at: number, strength: number): void {
    if (strength > this.#covered[at]!) this.#covered[at] = strength;
  }

  #mix(at: number, value: number, share: number): void {
    this.rgb[at] = Math.round(this.rgb[at]! + (value - this.rgb[at]!) * share);
  }
}

/** Columns that a line comes near to in one row of pixels: of a long slanted one only a few. */
function rowSpan(x0: number, dx: number, y0: number, dy: number, y: number, reach: number): [number, number] {
  let from = Math.min(x0, x0 + dx);
  let to = Math.max(x0, x0 + dx);
  if (Math.abs(dy) > 1e-9) {
    const a = x0 + (dx * (y - reach * 1.5 - y0)) / dy;
    const b = x0 + (dx * (y + reach * 1.5 - y0)) / dy;
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  return [Math.floor(from - reach), Math.ceil(to + reach)];
}
