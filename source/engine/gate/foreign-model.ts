import {RelayError} from '../../base/errors.ts';
import {scanBody} from '../../wire/body-scan.ts';
import {readString, scanMembers, type Member} from '../../wire/json-scan.ts';
import {spliceBytes} from '../../wire/json-splice.ts';
import {eventData, singleDataRange} from '../../wire/sse.ts';

const modelHeader = 'openai-model';

/** Hardly any upstream repeats headers in its events: without this key nothing has to be scanned. */
const headersKey = Buffer.from('"headers"');

const memberOf = (members: readonly Member[] | undefined, key: string): Member | undefined =>
	members?.findLast(member => member.key === key);

/** The members of `response.headers` that name another model than the one the client asked for. */
const foreignMembers = (data: Buffer, requestedModel: string): readonly Member[] => {
	const response = scanBody(data).get('response');
	const headers = memberOf(response && scanMembers(data, response.value), 'headers');
	return (
		(headers && scanMembers(data, headers.value))?.filter(
			({key, value}) => key.toLowerCase() === modelHeader && readString(data, value) !== requestedModel,
		) ?? []
	);
};

const cutFrom = (data: Buffer, requestedModel: string): Buffer | undefined => {
	try {
		const foreign = foreignMembers(data, requestedModel);
		return foreign.length === 0
			? undefined
			: spliceBytes(
					data,
					foreign.map(({start, end}) => ({start, end, replacement: undefined})),
				);
	} catch (error) {
		if (error instanceof RelayError) {
			// Unreadable data goes through as it came (REL-15); the client skips it as well.
			return undefined;
		}

		throw error;
	}
};

/**
 * A `response.created` event without the `openai-model` in its `response.headers` where that differs from the model the
 * client asked for: Codex would show "model rerouted" and a safety warning (codex-wire.md 2). The same buffer when there is
 * nothing to cut.
 */
export const withoutForeignModel = (event: Buffer, requestedModel: string | undefined): Buffer => {
	if (requestedModel === undefined || !event.includes(headersKey)) {
		return event;
	}

	const range = singleDataRange(event);
	if (range !== undefined) {
		const cut = cutFrom(event.subarray(range.start, range.end), requestedModel);
		return cut === undefined ? event : Buffer.concat([event.subarray(0, range.start), cut, event.subarray(range.end)]);
	}

	// Data in several lines cannot be cut in place; the event is written anew in one line, line breaks in JSON being spaces.
	const cut = cutFrom(Buffer.from((eventData(event) ?? '').replaceAll('\n', ' ')), requestedModel);
	return cut === undefined
		? event
		: Buffer.concat([Buffer.from('event: response.created\ndata: '), cut, Buffer.from('\n\n')]);
};
