import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect} from 'vitest';
import {createRedactor} from '../../source/base/redact.ts';
import type {ClientFileFault, ClientSession} from '../../source/event/client-session.ts';
import {ClientSessionSource} from '../../source/observe/sessions/session-source.ts';

/* Session files of clients as tests write them. */

/** Homes of both clients, with files of the real ones. */
export const fixture = new URL('../fixture/sessions/', import.meta.url).pathname;

/** A source over the homes `codex` and `claude` below a folder. */
export const sourceOf = (root: string, most?: number): ClientSessionSource =>
	new ClientSessionSource({
		codexHome: path.join(root, 'codex'),
		claudeHome: path.join(root, 'claude'),
		redact: createRedactor([]),
		...(most === undefined ? {} : {most}),
	});

/** The folder of a day, made where it is not there. */
export const codexFolder = (root: string): string => {
	const folder = path.join(root, 'codex', 'sessions', '2026', '11', '21');
	mkdirSync(folder, {recursive: true});
	return folder;
};

/** The name of a rollout whose id ends so. */
export const rolloutName = (end: string): string =>
	`rollout-2026-11-21T20-12-55-01a1ffbd-0000-7000-8000-${end.padStart(12, '0')}.jsonl`;

/** The first line of a rollout. */
export const meta = (id: string, more: object = {}): string =>
	`${JSON.stringify({timestamp: '2026-11-21T20:12:55.045Z', ordinal: 0, type: 'session_meta', payload: {id, session_id: id, cwd: '/home/ana', cli_version: '0.169.0', ...more}})}\n`;

/** A line in which the user says something. */
export const said = (text: string): string =>
	`${JSON.stringify({timestamp: '2026-11-21T20:13:00.000Z', ordinal: 1, type: 'event_msg', payload: {type: 'item_completed', item: {type: 'UserMessage', content: [{type: 'text', text}]}}})}\n`;

/** A line that tells tokens: of the thread so far, and of the last answer. */
export const usage = (total: number, last: number): string =>
	`${JSON.stringify({timestamp: '2026-11-21T20:14:00.000Z', type: 'token_usage_record', payload: {usage: {input_tokens: last, output_tokens: 1}, thread_token_usage: {input_tokens: total, output_tokens: total / 100}}})}\n`;

/** Writes a rollout; its path. */
export const writeRollout = (root: string, end: string, text: string): string => {
	const file = path.join(codexFolder(root), rolloutName(end));
	writeFileSync(file, text);
	return file;
};

/** Every session below a folder. */
export const readAll = async (root: string): Promise<readonly ClientSession[]> =>
	(await sourceOf(root).complete()).sessions;

/** The one session below a folder. */
export const only = async (root: string): Promise<ClientSession> => {
	const [session, ...others] = await readAll(root);
	expect(others).toEqual([]);
	expect(session).toBeDefined();
	return session ?? expect.fail('no session');
};

/** For sorting. */
export const byId = (left: ClientSession, right: ClientSession): number => left.threadId.localeCompare(right.threadId);

/** The faults of a session with their counts. */
export const kindsOf = ({faults}: ClientSession): ReadonlyArray<readonly [ClientFileFault['kind'], number]> =>
	faults.map(({kind, count}) => [kind, count]);
