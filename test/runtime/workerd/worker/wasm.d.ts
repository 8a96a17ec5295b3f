declare module '*.wasm' {
  const module: WebAssembly.Module;

  // biome-ignore lint/style/noDefaultExport: so do workerd and bundlers import one
  export default module;
}
