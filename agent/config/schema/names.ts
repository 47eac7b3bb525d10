/** Documents that have a JSON Schema. */
export const schemaNames = ['station', 'calibration', 'recipe'] as const;
export type SchemaName = (typeof schemaNames)[number];
