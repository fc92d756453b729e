import {
	apiError,
	execCommand,
	html,
	message,
	reasoning,
	stream,
	type Answer,
	type ReplyPart,
	type StreamOptions,
} from '../../source/demo/script.ts';

const lost = message('This text is lost, and nobody may keep a word of it.');
const thought = reasoning('**A thought that is lost**\n\nIt goes on for quite a while before it breaks off.');
const call: ReplyPart = execCommand('touch half-call-ran && echo this command must never run at all', 'call_half');

/** Breaks off in the second delta of the one part. */
const inside = (part: ReplyPart, how: 'fin' | 'rst'): Answer => stream([part], {cut: {afterEvent: 5, how}});

const failed = (code: string, text: string): Answer =>
	stream([], {end: {type: 'failed', code, message: text}} satisfies StreamOptions);

/** All ways in which an upstream may fail without a finished item: whoever is in front moves on unseen. */
export const unseenFailures: Readonly<Record<string, Answer>> = {
	'503': apiError(503, 'service_unavailable'),
	'500': apiError(500, 'server_error'),
	'429 with Retry-After': apiError(429, 'rate_limit_exceeded', {headers: {'retry-after': '30'}}),
	'429 without a hint': apiError(429, 'rate_limit_exceeded'),
	'401': apiError(401, 'invalid_api_key'),
	'402, quota spent': apiError(402, 'insufficient_quota'),
	'an HTML page with status 200': html(200, '<!doctype html><title>Welcome</title>'),
	'a web page with status 403': html(403, '<!doctype html><title>Just a moment...</title>'),
	'an in-band response.failed server_error': failed('server_error', 'The model crashed.'),
	'an in-band response.failed rate_limit_exceeded': failed('rate_limit_exceeded', 'Please try again in 20s.'),
	'an in-band response.failed after text': stream([lost], {
		cut: {afterEvent: 6, how: 'fin'},
		garbage: {
			beforeEvent: 6,
			text: 'data: {"type":"response.failed","response":{"id":"r","error":{"code":"server_error","message":"Crashed."}}}\n\n',
		},
	}),
	'an in-band error': stream([], {end: {type: 'error', code: 'server_error', message: 'The model crashed.'}}),
	'a cut in its text': inside(lost, 'fin'),
	'a reset in its text': inside(lost, 'rst'),
	'a broken chunk in its text': stream([lost], {cut: {afterEvent: 5, how: 'bad-chunk'}}),
	'a cut in its reasoning': inside(thought, 'fin'),
	'a reset in its reasoning': inside(thought, 'rst'),
	'a cut behind its finished reasoning': stream([thought, lost], {cut: {afterEvent: 17, how: 'fin'}}),
	'a cut in a half-written tool call': inside(call, 'fin'),
	'a reset in a half-written tool call': inside(call, 'rst'),
	'a stream without its terminal event': stream([], {end: {type: 'none'}}),
	'an unfinished text and no terminal event': stream([lost], {
		cut: {afterEvent: 6, how: 'fin'},
		framing: 'until-close',
	}),
	'a reset before any byte': {type: 'reset'},
	'a cut after the head': stream([lost], {cut: {atByte: 0, how: 'fin'}}),
	'garbage instead of HTTP': {type: 'raw', bytes: 'SSH-2.0-OpenSSH_9.2\r\n', ending: 'fin'},
	'silence instead of an answer': {type: 'never'},
	'silence in its text': stream([lost], {cut: {afterEvent: 5, how: 'hang'}}),
};
