import { Refusal } from '../../enforcement/refusal.ts';
import { objectKey } from './entities.ts';
import { hasIntegrity, verifyIntegrity } from './integrity.ts';
import { type BucketCall, type ObjectCall, objectArn, type S3Answer } from './operation.ts';
import { malformedXml, notImplemented } from './refusals.ts';
import { parseS3Document, printS3Document, type S3Xml } from './xml.ts';

const mostKeys = 1000;

/** What isn't there is deleted already. */
export function deleteObject(call: ObjectCall): S3Answer {
  if (call.header('if-match') !== undefined) throw notImplemented('DeleteObject with If-Match');
  remove(call, call.key);
  return { status: 204 };
}

/** Each key is authorised, and answered, by itself. */
export function deleteObjects(call: BucketCall): S3Answer {
  if (!hasIntegrity(call)) {
    throw new Refusal(
      'InvalidRequest',
      400,
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    );
  }
  verifyIntegrity(call);
  const { keys, isQuiet } = parseDelete(call.body);
  const deleted: S3Xml[] = [];
  const errors: S3Xml[] = [];
  for (const key of keys) {
    try {
      call.authorise('s3:DeleteObject', objectArn(call.bucket.name, key));
      remove(call, key);
      if (!isQuiet) deleted.push({ Key: key });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push({ Key: key, Code: error.code, Message: error.message });
    }
  }
  return { status: 200, body: printS3Document('DeleteResult', { Deleted: deleted, Error: errors }) };
}

function remove({ bucket, store, bodies }: BucketCall, key: string): void {
  const row = objectKey(bucket.name, key);
  const object = store.get('objects', row);
  if (object === undefined) return;
  store.commit([{ table: 'objects', key: row, value: null }]);
  bodies.remove(object.bodyId);
}

function parseDelete(body: Buffer): { readonly keys: readonly string[]; readonly isQuiet: boolean } {
  const root = parseS3Document(body, 'Delete');
  if (typeof root !== 'object' || root === null) throw malformedXml();
  const { Object: listed, Quiet: quiet } = root as { readonly Object?: unknown; readonly Quiet?: unknown };
  const objects: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  if (objects.length > mostKeys) throw malformedXml();
  return { keys: objects.map(keyOf), isQuiet: quiet === 'true' };
}

function keyOf(object: unknown): string {
  if (typeof object !== 'object' || object === null) throw malformedXml();
  const { Key: key, VersionId: versionId } = object as { readonly Key?: unknown; readonly VersionId?: unknown };
  if (typeof key !== 'string' || key === '') throw malformedXml();
  if (versionId !== undefined && versionId !== 'null') throw notImplemented('DeleteObjects of a version');
  return key;
}
