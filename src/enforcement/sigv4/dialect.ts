/** How a family of AWS services differs in its handling of signatures: `queryDialect`, `s3Dialect`. */
export interface Dialect {
  readonly kind: 'query' | 's3';
}
