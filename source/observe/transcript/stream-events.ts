import {parseObject} from './json-value.ts';
import type {JsonObject} from './json-value.ts';

/**
 * The JSON objects in the `data:` lines of an event stream (WHATWG HTML, server-sent events). An event without its blank line
 * has not fully arrived and is left out, like everything that is no JSON object (`[DONE]`, comments).
 */
export const streamEvents = (reply: Buffer): readonly JsonObject[] => {
	const events: JsonObject[] = [];
	let data: string[] = [];
	for (const line of reply.toString().split(/\r\n|\r|\n/)) {
		if (line.startsWith('data:')) {
			data.push(line.slice(line[5] === ' ' ? 6 : 5));
		} else if (line === '' && data.length > 0) {
			const event = parseObject(data.join('\n'));
			data = [];
			if (event !== undefined) {
				events.push(event);
			}
		}
	}

	return events;
};
