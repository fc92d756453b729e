import {parseJsonObject} from '../../../wire/json-value.ts';
import type {CallItem, ContentPart, Item} from '../ir.ts';
import type {LossLog} from '../loss.ts';

const noteTextMax = 500;

/** The arguments of a call as a JSON object's text: `""` is `{}`; undefined where they are no object (translation.md 1.3). */
export const objectArguments = (payload: string): string | undefined =>
	payload.trim() === '' ? '{}' : parseJsonObject(payload) === undefined ? undefined : payload;

const withNote = (output: string | readonly ContentPart[], note: string): string | readonly ContentPart[] =>
	typeof output === 'string' ? `${note}\n${output}` : [{type: 'text', text: note}, ...output];

/** The arguments as a provider takes them, and the note for the result where they were unreadable. */
const repaired = (call: CallItem): {readonly payload: string; readonly note: string | undefined} => {
	const payload = call.tool.kind === 'custom' ? call.payload : objectArguments(call.payload);
	return payload === undefined
		? {payload: '{}', note: `arguments were not valid JSON: ${call.payload.slice(0, noteTextMax)}`}
		: {payload, note: undefined};
};

/**
 * Servers that parse the arguments in the history answer 400 to broken ones: they become `{}`, and the result says what they
 * were (translation.md 1.3). Custom tools carry raw text and are left alone. Runs behind the pairing pass.
 */
export const repairArguments = (items: readonly Item[], losses: LossLog): readonly Item[] => {
	const notes = new Map<string, string>();
	return items.map(item => {
		if (item.type === 'call') {
			const {payload, note} = repaired(item);
			if (note !== undefined) {
				notes.set(item.callId, note);
				losses.add(
					'broken-arguments',
					'The arguments of an earlier tool call were not valid JSON; its result says so.',
				);
			}

			return {...item, payload};
		}

		const note = item.type === 'result' ? notes.get(item.callId) : undefined;
		return item.type === 'result' && note !== undefined ? {...item, output: withNote(item.output, note)} : item;
	});
};
