/**
 * A chart, as Vega-Lite describes it: plain data that can be stored, compared, rendered to a picture or handed to a
 * notebook. Written for Vega-Lite 6 and kept to what the 5.6 inside JupyterLab understands as well.
 */
export interface VegaLiteSpec {
  readonly $schema: string;
  /** What a screen reader says, and the text form of the finding. */
  readonly description: string;
  readonly [property: string]: unknown;
}
