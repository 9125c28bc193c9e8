/** Every config name with its resolved value: what plug-ins (serializers, partitioner, interceptors) are configured with. */
export type ResolvedConfigValues = Readonly<Record<string, unknown>>;
