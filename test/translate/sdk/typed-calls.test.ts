import {expect, test} from 'vitest';
import {encodeWireEvents} from '../../../source/translate/codec/ir-event.ts';
import {sdkOutput} from '../../../source/translate/codec/quirks.ts';
import {asResponses, chatDecoder, readAnswer, sse} from '../codec/bridge.ts';
import {calls, finish, part} from '../codec/chunks.ts';
import {openAiResponses} from './accumulators.ts';
import {aiSdkResponses} from './ai-sdk.ts';

test.each([openAiResponses, aiSdkResponses])(
	'$name takes a typed patch that a Chat upstream spelled',
	async ({read}) => {
		const input = {type: 'create_file', path: 'a', diff: '+x'};
		const chunks = [calls(part(0, 'p', 'apply_patch', JSON.stringify(input))), finish('tool_calls')];
		const events = readAnswer(chatDecoder([{type: 'apply_patch'}]), [sse(chunks)]);
		const bytes = Buffer.from(encodeWireEvents(asResponses(events, sdkOutput)));
		const call = {name: 'apply_patch', input};
		expect((await read(bytes, [call])).calls).toEqual([call]);
	},
);
