import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import {ChatAnswerEncoder} from '../../../source/translate/codec/chat/encode-answer.ts';
import {MessagesAnswerEncoder} from '../../../source/translate/codec/messages/encode-answer.ts';
import {sdkOutput} from '../../../source/translate/codec/quirks.ts';
import {parseJsonObject} from '../../../source/wire/json-value.ts';
import {asResponses, readAnswer, sse} from './bridge.ts';
import {checkMessagesStream, checkResponsesStream} from './check-stream.ts';
import {propertyRuns} from '../../support/property-runs.ts';
import {upstreams} from './upstream-events.ts';

const runs = propertyRuns(1000);

const isEnd = ({type}: AnswerEvent): boolean => type === 'finish' || type === 'error';

describe.each(upstreams)('whatever a %s upstream sends', (_, decoder, event) => {
	const answers = fc.array(event, {maxLength: 14}).map(events => readAnswer(decoder(), [sse(events, false)]));

	test('the representation keeps its promises: one start, one end, nothing behind it', {timeout: 60_000}, () => {
		fc.assert(
			fc.property(answers, events => {
				expect(events[0]?.type).toBe('start');
				expect(events.filter(({type}) => type === 'start')).toHaveLength(1);
				expect(events.filter(isEnd)).toHaveLength(1);
				expect(isEnd(events.at(-1) ?? {type: 'start', id: undefined, model: undefined})).toBe(true);
			}),
			runs,
		);
	});

	test('a Responses client gets a complete, dense, ordered stream', {timeout: 60_000}, () => {
		fc.assert(
			fc.property(answers, events => {
				checkResponsesStream(asResponses(events, sdkOutput));
			}),
			runs,
		);
	});

	test('a Messages client gets one block after the other', {timeout: 60_000}, () => {
		fc.assert(
			fc.property(answers, events => {
				const encoder = new MessagesAnswerEncoder({id: 'm', model: 'm'});
				const wire = events.flatMap(one => encoder.push(one));
				if (encoder.message !== undefined) {
					checkMessagesStream(wire);
				}
			}),
			runs,
		);
	});

	test('a Chat client gets DONE or an error, and every chunk is JSON', {timeout: 60_000}, () => {
		fc.assert(
			fc.property(answers, events => {
				const encoder = new ChatAnswerEncoder({id: 'c', createdAtS: 1, model: 'm', streamUsage: true});
				const wire = events.flatMap(one => encoder.push(one)).map(({data}) => data);
				const last = wire.at(-1) ?? '';
				expect(last === '[DONE]' || parseJsonObject(last)?.['error'] !== undefined).toBe(true);
				expect(wire.filter(data => data !== '[DONE]').every(data => parseJsonObject(data) !== undefined)).toBe(true);
			}),
			runs,
		);
	});
});
