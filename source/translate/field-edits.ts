import {scanMembers, type ByteRange, type Member} from '../wire/json-scan.ts';
import type {Edit} from '../wire/json-splice.ts';

/*
 * Wanted values of fields → byte edits of a body. Everything that is not named keeps its bytes; a key that is missing is put in front
 * of the others.
 */

/** What becomes of one field: JSON text, gone, or changes inside its object (which is made where there is none). */
export type FieldChange = {readonly json: string} | {readonly inside: FieldChanges} | 'removed';

/** Changes by key. */
export type FieldChanges = ReadonlyMap<string, FieldChange>;

/** An object of a body: where it stands (from its opening brace on) and its members in order. */
export interface ScannedObject {
	readonly start: number;
	readonly members: readonly Member[];
}

/** The edits for {@link spliceBytes}, in an order that it takes; none where nothing changes. */
export const fieldEdits = (body: Buffer, object: ScannedObject, changes: FieldChanges): readonly Edit[] => {
	const {start, members} = object;
	const edits = members.flatMap(member => memberEdits(body, member, changes.get(member.key)));
	const missing = [...changes].filter(([key]) => !members.some(member => member.key === key));
	const added = missing.flatMap(([key, change]) => {
		const json = jsonOf(change);
		return json === undefined ? [] : [`${JSON.stringify(key)}:${json}`];
	});
	if (added.length === 0) {
		return edits;
	}

	const hasOthers = members.some(({key}) => changes.get(key) !== 'removed');
	const replacement = Buffer.from(added.join(',') + (hasOthers ? ',' : ''));
	// In front of a removal at the same place: an edit may not begin inside another one.
	return [{start: start + 1, end: start + 1, replacement}, ...edits];
};

const memberEdits = (body: Buffer, member: Member, change: FieldChange | undefined): readonly Edit[] => {
	if (change === undefined) {
		return [];
	}

	if (change === 'removed') {
		return [{start: member.start, end: member.end, replacement: undefined}];
	}

	const inner = 'inside' in change ? scanMembers(body, member.value) : undefined;
	if ('inside' in change && inner) {
		return fieldEdits(body, {start: member.value.start, members: inner}, change.inside);
	}

	const json = jsonOf(change);
	return json === undefined ? [] : replaced(body, member.value, json);
};

const replaced = (body: Buffer, range: ByteRange, json: string): readonly Edit[] => {
	const replacement = Buffer.from(json);
	return body.subarray(range.start, range.end).equals(replacement) ? [] : [{...range, replacement}];
};

/** The field's value where the body has none; undefined where there is nothing to put there. */
const jsonOf = (change: FieldChange): string | undefined => {
	if (change === 'removed') {
		return undefined;
	}

	if ('json' in change) {
		return change.json;
	}

	const fields = [...change.inside].flatMap(([key, inner]) => {
		const json = jsonOf(inner);
		return json === undefined ? [] : [`${JSON.stringify(key)}:${json}`];
	});
	return fields.length === 0 ? undefined : `{${fields.join(',')}}`;
};
