/** The compiled kernel; see build-kernel.js. */
declare module "*/kernel.wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** As much of it as is used here; TypeScript knows the rest only together with a browser's page. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: object;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
}
