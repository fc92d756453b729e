import {describe, expect, test} from 'vitest';
import {GeminiAnswerDecoder} from '../../../source/translate/codec/gemini/decode-answer.ts';
import {createIdSource} from '../../../source/translate/codec/ids.ts';
import {genericQuirks} from '../../../source/translate/codec/quirks.ts';
import {mapOf} from '../codec/bridge.ts';
import {usualTools} from './answer.ts';

const eventsFor = (finishMessage: string) => {
	const decoder = new GeminiAnswerDecoder({tools: mapOf(usualTools), quirks: genericQuirks, ids: createIdSource('t')});
	const chunk = {candidates: [{finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage}]};
	return [...decoder.push(JSON.stringify(chunk)), ...decoder.end()];
};

describe('T19: a call that Gemini wrote as Python', () => {
	test.each([
		['print(default_api.exec_command(cmd="ls"))', '{"cmd":"ls"}'],
		[
			String.raw`default_api.exec_command(cmd='echo "a\nb"', yield_time_ms=50)`,
			String.raw`{"cmd":"echo \"a\nb\"","yield_time_ms":50}`,
		],
	])('%s is the call that was meant', (python, payload) => {
		const events = eventsFor(`Malformed function call: ${python}`);
		expect(events).toContainEqual(
			expect.objectContaining({type: 'item-close', item: expect.objectContaining({type: 'call', payload})}),
		);
		expect(events.at(-1)).toMatchObject({type: 'finish', reason: 'calls', raw: 'MALFORMED_FUNCTION_CALL'});
	});

	test.each([
		'print(default_api.delete_everything(path="/"))',
		'print(default_api.exec_command(cmd=open("x").read()))',
		'print(default_api.exec_command(cmd="ls"',
		'print(default_api.exec_command())',
	])('%s stays a failure that the client may repeat', python => {
		const events = eventsFor(`Malformed function call: ${python}`);
		expect(events.at(-1)).toMatchObject({type: 'error', error: {isRetryable: true}});
		expect(events.some(({type}) => type === 'item-open')).toBe(false);
	});
});
