import type {ByteRange, Member} from '../wire/json-scan.ts';
import {spliceBytes} from '../wire/json-splice.ts';
import {fieldEdits, type FieldChanges} from './field-edits.ts';

/** What differs between the client's body and the one for an upstream of the same dialect. */
export interface SameDialectChange {
	/** The members of the body's top level. */
	readonly fields: ReadonlyMap<string, Member>;
	/** Fields of the top level; `input` itself may not be among them where elements of it are removed. */
	readonly changes: FieldChanges;
	/** Elements of `input` that this upstream must not get. */
	readonly removed: readonly ByteRange[];
}

/** The body for an upstream of the client's own dialect: the same bytes where nothing changes, else a splice (architecture.md, rule 8). */
export const translateSameDialect = (body: Buffer, {fields, changes, removed}: SameDialectChange): Buffer => {
	const object = {start: body.indexOf('{'), members: [...fields.values()]};
	const edits = [
		...fieldEdits(body, object, changes),
		...removed.map(range => ({...range, replacement: undefined as Buffer | undefined})),
	];
	return edits.length === 0 ? body : spliceBytes(body, edits);
};
