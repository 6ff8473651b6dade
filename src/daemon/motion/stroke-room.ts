/** Room for the motion of one stroke, used again for each: strokes come by the hundred thousand. */
export class StrokeRoom {
  /** x, y in mm. */
  points: Float64Array = new Float64Array(2048);
  /** mm/s at each point. */
  speeds: Float64Array = new Float64Array(1024);
  /** Of the segment after each point, mm. */
  lengths: Float64Array = new Float64Array(1024);

  /** Makes room for so many points, in other arrays when these are too small. */
  fit(count: number): void {
    if (count <= this.speeds.length) return;
    const room = 2 * count;
    this.points = new Float64Array(2 * room);
    this.speeds = new Float64Array(room);
    this.lengths = new Float64Array(room);
  }
}
