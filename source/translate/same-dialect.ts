import {spliceBytes, type ByteRange} from '../wire/json-scan.ts';

/** What differs between the client's body and the one for an upstream of the same dialect. */
export interface SameDialectChange {
	/** Where the model's JSON string stands, and the name that the upstream knows; undefined when the name stays. */
	readonly model: {readonly range: ByteRange; readonly name: string} | undefined;
	/** Elements of `input` that this upstream must not get. */
	readonly removed: readonly ByteRange[];
}

/** The body for an upstream of the client's own dialect: the same bytes where nothing changes, else a splice (architecture.md, rule 8). */
export const translateSameDialect = (body: Buffer, change: SameDialectChange): Buffer => {
	const edits = change.removed.map(range => ({...range, replacement: undefined as Buffer | undefined}));
	if (change.model) {
		edits.push({...change.model.range, replacement: Buffer.from(JSON.stringify(change.model.name))});
	}

	return edits.length === 0 ? body : spliceBytes(body, edits);
};
