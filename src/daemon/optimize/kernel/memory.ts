/**
 * Arrays in linear memory. They are taken one behind the other, never given back singly: `freeAll` takes them all at once,
 * before the next layer. No bounds are checked; every length is known when the array is taken.
 */
let top: usize = __heap_base;

export function freeAll(): void {
  top = __heap_base;
}

/** What was taken since `to` was asked for can be taken anew. */
export function used(): usize {
  return top;
}

export function freeSince(mark: usize): void {
  top = mark;
}

/** @returns 32-bit integers, not cleared */
export function takeInts(length: i32): Ints {
  return changetype<Ints>(take((<usize>length) << 2));
}

/** @returns 64-bit floats, not cleared */
export function takeFloats(length: i32): Floats {
  return changetype<Floats>(take((<usize>length) << 3));
}

/** @returns 64-bit unsigned integers, not cleared */
export function takeLongs(length: i32): Longs {
  return changetype<Longs>(take((<usize>length) << 3));
}

/** @returns zeros */
export function takeBytes(length: i32): Bytes {
  const at = take(<usize>length);
  memory.fill(at, 0, <usize>length);
  return changetype<Bytes>(at);
}

export function fillInts(ints: Ints, value: i32, length: i32): void {
  for (let i = 0; i < length; i++) ints[i] = value;
}

function take(bytes: usize): usize {
  const at = (top + 7) & ~(<usize>7);
  top = at + bytes;
  const pages = <i32>((top + 0xffff) >>> 16);
  const missing = pages - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  return at;
}

@unmanaged
export class Ints {
  @operator("[]") get(index: i32): i32 {
    return load<i32>(changetype<usize>(this) + ((<usize>index) << 2));
  }
  @operator("[]=") set(index: i32, value: i32): void {
    store<i32>(changetype<usize>(this) + ((<usize>index) << 2), value);
  }
}

@unmanaged
export class Floats {
  @operator("[]") get(index: i32): f64 {
    return load<f64>(changetype<usize>(this) + ((<usize>index) << 3));
  }
  @operator("[]=") set(index: i32, value: f64): void {
    store<f64>(changetype<usize>(this) + ((<usize>index) << 3), value);
  }
}

@unmanaged
export class Longs {
  @operator("[]") get(index: i32): u64 {
    return load<u64>(changetype<usize>(this) + ((<usize>index) << 3));
  }
  @operator("[]=") set(index: i32, value: u64): void {
    store<u64>(changetype<usize>(this) + ((<usize>index) << 3), value);
  }
}

@unmanaged
export class Bytes {
  @operator("[]") get(index: i32): u8 {
    return load<u8>(changetype<usize>(this) + <usize>index);
  }
  @operator("[]=") set(index: i32, value: u8): void {
    store<u8>(changetype<usize>(this) + <usize>index, value);
  }
}
