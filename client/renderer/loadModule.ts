/** A function that loads a module of ours once, when it is first called. A failure is forgotten, so that the next call tries again. */
export function loadModule<Module>(address: URL): () => Promise<Module> {
  let loading: Promise<Module> | undefined;
  return () => {
    loading ??= (import(address.href) as Promise<Module>).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
