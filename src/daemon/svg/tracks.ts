import type { Polyline } from "../../shared/geometry.ts";
import { Flattener } from "./flatten.ts";
import type { Matrix } from "./matrix.ts";
import { drawPathData } from "./path-data.ts";
import { Track } from "./track.ts";
import type { SvgNode } from "./tree.ts";

/** How near a track is to its path, mm: which way a letter stands shows where it is only near. */
const TOLERANCE_MM = 0.0002;

/** What a track is made of: path data, and the transform of its element. */
export interface TrackSource {
  readonly d: string;
  readonly own: Matrix;
}

/** The tracks of one drawing: a long path may lead many texts, and is measured once. */
export class Tracks {
  readonly #known = new Map<SvgNode, { stretch: number; track: Track }>();

  /** @param stretch mm for one user unit of the text */
  of(node: SvgNode, stretch: number, source: () => TrackSource): Track {
    const known = this.#known.get(node);
    if (known?.stretch === stretch) return known.track;
    const track = measure(source(), TOLERANCE_MM / (stretch > 0 ? stretch : 1));
    this.#known.set(node, { stretch, track });
    return track;
  }
}

function measure({ d, own }: TrackSource, tolerance: number): Track {
  const polylines: Polyline[] = [];
  const flattener = new Flattener(tolerance, ({ points }) => polylines.push(points));
  flattener.begin(own);
  drawPathData(d, flattener);
  flattener.end();
  return new Track(polylines);
}
